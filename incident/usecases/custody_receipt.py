"""The receipt of a custody transfer: the item, its hash, every act so far, the journal's head, two lines to sign."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.content.folders import shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.receipt import Signer, receipt_html
from incident.documents.report import Report, ReportSection, Table
from incident.domain.evidence import CustodyAct, CustodyTransfer, EvidenceItem, grouped
from incident.domain.fact_record import exercise_mark
from incident.domain.incident import Incident
from incident.errors import RefusedError
from incident.store.journal import JournalHead
from incident.usecases.desk import Desk, names, organisation
from incident.usecases.press import write_private


def write_receipt(desk: Desk, incident: Incident, item: EvidenceItem, path: Path, *, now: datetime, zone: str) -> Path:
    """Write the receipt of an item's last transfer as a PDF that only its owner reads."""
    handed = [each for each in item.custody if each.act is CustodyAct.TRANSFERRED]
    if not handed:
        raise RefusedError(f"{item.named} was not handed over yet.", "Record it with `incident evidence transfer`.")
    people, head = names(desk), desk.workspace.head()
    report = _report(desk, incident, item, handed[-1], head, people, zone)
    signers = (
        Signer("Handed over by", people.get(handed[-1].by, "")),
        Signer("Received by", handed[-1].to_whom),
    )
    html = receipt_html(report, shipped_folder("notice_templates") / "_layout" / "style.css", signers)
    pdf = render_pdf(html, title=report.title, language="en", notice_json=_json(incident, item, head), made_at=now)
    write_private(path, pdf)
    return path


def _report(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    handed: CustodyTransfer,
    head: JournalHead,
    people: dict[UUID, str],
    zone: str,
) -> Report:
    frame = (
        ("Item", f"{item.number} · {item.name}"),
        ("Size", f"{item.size:,} bytes"),
        ("SHA-256", grouped(item.sha256)),
        ("Acquired", f"{_at(item.acquired_at, zone)} {zone}, by {people.get(item.by, '')}"),
        ("Source", item.source or "not said"),
        ("Handed over", f"{_at(handed.at, zone)} {zone}, by {people.get(handed.by, '')}"),
        ("To", handed.to_whom),
        ("For", handed.note),
        ("Hash at hand-over", "the same" if handed.sha256 == item.sha256 else "NOT THE SAME"),
        ("Journal", f"entry {head.seq}, {grouped(head.hash)}"),
    )
    return Report(
        title="Receipt for evidence",
        subtitle=f"{incident.reference} · {incident.code_name}",
        author=organisation(desk).name,
        frame=frame,
        sections=(ReportSection("Chain of custody", (_chain(item, people, zone),)),),
        footer=f"{incident.reference} · evidence {item.number} · journal {head.seq} {head.hash[:12]}",
        mark=exercise_mark(incident),
    )


def _chain(item: EvidenceItem, people: dict[UUID, str], zone: str) -> Table:
    rows = tuple(
        (
            _at(each.at, zone),
            each.act.value,
            people.get(each.by, ""),
            each.to_whom,
            each.note,
            ("same" if each.sha256 == item.sha256 else "OTHER") if each.sha256 else "",
        )
        for each in item.custody
    )
    return Table(("When", "Act", "By", "To", "Note", "Hash"), rows, unbroken=(0, 1, 5))


def _at(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _json(incident: Incident, item: EvidenceItem, head: JournalHead) -> bytes:
    document = {
        "format": "incident-custody/1",
        "incident": {"reference": incident.reference, "code_name": incident.code_name},
        "item": {key: value for key, value in asdict(item).items() if key not in ("object", "incident_id")},
        "journal": asdict(head),
    }
    return json.dumps(document, default=_plain, indent=1, ensure_ascii=False).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
