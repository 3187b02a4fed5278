"""Writes every list of an incident as CSV, one file each, with a README that says for whom it was made and what is in it."""

import csv
from collections.abc import Mapping
from hashlib import sha256
from io import StringIO

from incident.domain.outgoing import Outgoing, OutgoingTable, is_pseudonymous
from incident.interchange.inert_cell import inert

README = "README.txt"


def csv_files(going: Outgoing) -> Mapping[str, bytes]:
    """File name → content. UTF-8 with a mark at its start, so that spreadsheets read it as such; lines end with CR LF."""
    files = {f"{each.name}.csv": _csv(each) for each in going.tables}
    return {README: _readme(going, files).encode(), **files}


def _csv(table: OutgoingTable) -> bytes:
    out = StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(table.head)
    rows.writerows([inert(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _readme(going: Outgoing, files: Mapping[str, bytes]) -> str:
    incident = going.incident
    lines = [
        f"{incident.reference} «{incident.code_name}»{' — EXERCISE' if incident.exercise else ''}",
        going.profile.stamp,
        f"Made {going.made_at.isoformat(timespec='seconds')} by `incident export csv --profile {going.profile.value}`.",
        "",
        "CSV, UTF-8, commas; times are ISO 8601 with their offset. A cell that a spreadsheet would compute begins with an",
        "apostrophe (') that is not part of it. An empty cell says that nobody recorded anything, not that there is nothing.",
    ]
    if is_pseudonymous(going.profile):
        lines += [
            "People, machines, addresses, mailboxes and telephone numbers go by made-up names: the same one always by one,",
            "in every export of this incident for this kind of reader. Names of strangers in running text are not recognised:",
            "read the texts before you hand them on.",
        ]
    lines += ["", "File, rows, what it holds, SHA-256:", ""]
    for table in going.tables:
        name = f"{table.name}.csv"
        lines.append(f"{name}  {len(table.rows)}  {table.title}  {sha256(files[name]).hexdigest()}")
    return "\r\n".join([*lines, ""])
