"""The register in a file: a spreadsheet, CSV or PDF, for one reader; whole or not at all, recorded as an export."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from incident.content.folders import shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.report import Report, ReportSection, Table, report_html
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError, StoreError
from incident.interchange.spreadsheet import write_csv, write_xlsx
from incident.store.durable import taking_name
from incident.store.scratch import new_scratch
from incident.usecases.desk import Desk, organisation
from incident.usecases.register import write_access
from incident.usecases.register_lists import ListKind, RegisterList, Row, list_kind

_MOST = 1500
"""Rows that a PDF takes; more are for a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, of which year, for whom."""

    kind: RegisterList = RegisterList.BREACHES
    year: int | None = None
    profile: Profile = Profile.PRIVILEGED

    @property
    def title(self) -> str:
        """The list's title, with its year."""
        return f"{list_kind(self.kind).title}{f', {self.year}' if self.year else ''}"


@dataclass(frozen=True, slots=True)
class WrittenRegister:
    """What was written where."""

    path: Path
    rows: int
    profile: Profile


def write_register(desk: Desk, wanted: Wanted, path: Path, *, now: datetime, zone: str) -> WrittenRegister:
    """Write a list to a file that ends in .xlsx, .csv or .pdf and is not there yet. Raises RefusedError, StoreError."""
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv", ".pdf"):
        raise ContentError(f"{path.name} is no kind of file that a register is written to.", "End it in .xlsx, .csv or .pdf.")
    if os.path.lexists(path):
        raise RefusedError(f"{path} is there already; nothing is overwritten.", "Name another file with --to.")
    write_access(desk, wanted.profile, now=now)
    kind = list_kind(wanted.kind)
    rows = kind.rows(desk, wanted.profile, wanted.year, now)
    try:
        with taking_name(path) as file:
            count = _write(desk, wanted, suffix, file, _Source(kind, rows, now, zone))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Name a file that you may write to.") from error
    return WrittenRegister(path, count, wanted.profile)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the rows come from, and when it is."""

    kind: ListKind
    rows: Iterator[Row]
    now: datetime
    zone: str


def _write(desk: Desk, wanted: Wanted, suffix: str, file: BinaryIO, source: _Source) -> int:
    head = source.kind.head
    if suffix == ".csv":
        return write_csv(file, head, source.rows)
    if suffix == ".xlsx":
        scratch = new_scratch()
        try:
            note = f"{wanted.title}. {wanted.profile.stamp} Made {_made(source)}."
            return write_xlsx(file, source.kind.title, head, source.rows, note=note, folder=scratch.path)
        finally:
            scratch.close()
    rows = list(islice(source.rows, _MOST + 1))
    if len(rows) > _MOST:
        raise RefusedError(
            f"The list has more than {_MOST:,} rows; a PDF of them helps nobody.", "Give --year, or write .xlsx."
        )
    file.write(_pdf(desk, wanted, source, rows))
    return len(rows)


def _made(source: _Source) -> str:
    return f"{source.now.astimezone(ZoneInfo(source.zone)):%Y-%m-%d %H:%M} {source.zone}"


def _pdf(desk: Desk, wanted: Wanted, source: _Source, rows: Iterable[Row]) -> bytes:
    """Each row under its reference: twelve columns do not fit on paper, and nothing is cut."""
    journal, head = desk.workspace.head(), source.kind.head
    sections = []
    for row in rows:
        told = tuple((name, text) for name, text in zip(head[1:], row[1:], strict=True) if text)
        sections.append(ReportSection(row[0], (Table(("", ""), told),)))
    if wanted.kind is RegisterList.OBLIGATIONS:
        sections = list(_grouped(sections))
    report = Report(
        title=wanted.title,
        subtitle=f"{len(sections)} entries",
        author="" if wanted.profile is Profile.PUBLIC else organisation(desk).name,
        frame=(("For", wanted.profile.stamp), ("Written", _made(source))),
        sections=tuple(sections),
        footer=f"register · journal {journal.seq} {journal.hash[:12]}",
    )
    html = report_html(report, shipped_folder("notice_templates") / "_layout" / "style.css")
    return render_pdf(html, title=report.title, language="en", notice_json=b"{}", made_at=source.now)


def _grouped(sections: list[ReportSection]) -> Iterator[ReportSection]:
    """One table per incident: duty, state, dates."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for each in sections:
        table = each.blocks[0]
        told = {row[0]: row[1] for row in table.rows} if isinstance(table, Table) else {}
        found.setdefault(each.heading, []).append(tuple(told.get(key, "") for key in ("Duty", "State", "Due", "Filed")))
    for name, rows in found.items():
        yield ReportSection(name, (Table(("Duty", "State", "Due", "Filed"), tuple(rows)),))
