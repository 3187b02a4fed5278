"""The receipt of a custody transfer: the item, its hash, every act so far, the journal's head, two lines to sign."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.content.folders import content_folders, shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.receipt import Signer, receipt_html
from incident.documents.report import Report, ReportSection, Table
from incident.documents.words import Words, words_of
from incident.domain.evidence import CustodyAct, CustodyTransfer, EvidenceItem, grouped
from incident.domain.fact_record import exercise_mark
from incident.domain.incident import Incident
from incident.domain.profile import Profile
from incident.errors import RefusedError
from incident.store.journal import JournalHead
from incident.usecases.desk import Desk, names, organisation
from incident.usecases.press import write_private


def write_receipt(
    desk: Desk, incident: Incident, item: EvidenceItem, path: Path, *, now: datetime, zone: str, language: str = "en"
) -> Path:
    """Write the receipt of an item's last transfer as a PDF that only its owner reads; a language without words is refused."""
    handed = [each for each in item.custody if each.act is CustodyAct.TRANSFERRED]
    if not handed:
        raise RefusedError(f"{item.named} was not handed over yet.", "Record it with `incident evidence transfer`.")
    words = words_of(content_folders("notice_templates"), language)
    people, head = names(desk), desk.workspace.head()
    report = _report(desk, incident, item, handed[-1], head, people, zone, words)
    signers = (
        Signer(words.phrase("receipt giver"), people.get(handed[-1].by, "")),
        Signer(words.phrase("receipt taker"), handed[-1].to_whom),
    )
    html = receipt_html(report, shipped_folder("notice_templates") / "_layout" / "style.css", signers, words)
    pdf = render_pdf(html, title=report.title, language=language, notice_json=_json(incident, item, head), made_at=now)
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
    words: Words,
) -> Report:
    def say(key: str) -> str:
        return words.phrase(f"receipt {key}")

    def done(at: datetime, by: UUID) -> str:
        return say("by").format(when=f"{_at(at, zone)} {zone}", who=people.get(by, ""))

    frame = (
        *(((say("privileged"), Profile.PRIVILEGED.stamp),) if item.privileged else ()),
        (say("item"), f"{item.number} · {item.name}"),
        (say("size"), say("bytes").format(number=words.number(item.size))),
        ("SHA-256", grouped(item.sha256)),
        (say("acquired"), done(item.acquired_at, item.by)),
        (say("source"), item.source or say("not said")),
        (say("handed over"), done(handed.at, handed.by)),
        (say("to"), handed.to_whom),
        (say("for"), handed.note),
        (say("hash"), say("same" if handed.sha256 == item.sha256 else "other")),
        (words.phrase("journal").capitalize(), say("entry").format(number=head.seq, hash=grouped(head.hash))),
    )
    return _framed(desk, incident, item, head, words, frame, _chain(item, people, zone, words))


def _framed(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    head: JournalHead,
    words: Words,
    frame: tuple[tuple[str, str], ...],
    chain: Table,
) -> Report:
    foot = (incident.reference, f"{words.phrase('receipt evidence')} {item.number}", f"{words.phrase('journal')} {head.seq}")
    return Report(
        title=words.phrase("receipt title"),
        subtitle=f"{incident.reference} · {incident.code_name}",
        author=organisation(desk).name,
        frame=frame,
        sections=(ReportSection(words.phrase("receipt chain"), (chain,)),),
        footer=f"{' · '.join(foot)} {head.hash[:12]}",
        mark=words.phrase("mark exercise") if exercise_mark(incident) else "",
    )


def _chain(item: EvidenceItem, people: dict[UUID, str], zone: str, words: Words) -> Table:
    def checked(sha256: str) -> str:
        return words.phrase("receipt same" if sha256 == item.sha256 else "receipt other") if sha256 else ""

    rows = tuple(
        (
            _at(each.at, zone),
            words.phrase(f"act {each.act.value}"),
            people.get(each.by, ""),
            each.to_whom,
            each.note,
            checked(each.sha256),
        )
        for each in item.custody
    )
    head = tuple(words.phrase(f"receipt {key}") for key in ("when", "act", "who", "to", "note", "checked"))
    return Table(head, rows, unbroken=(0, 1, 5))


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
