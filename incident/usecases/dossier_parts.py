"""What of an incident's notices goes into its dossier: frozen texts, PDFs, approvals, filings and receipts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlmodel import col, select

from incident.domain.evidence import EvidenceItem
from incident.domain.incident import Incident
from incident.domain.profile import Profile, may_leave
from incident.store.tables import ApprovalRow, FilingRow, NoticeRow
from incident.usecases.desk import Desk, names
from incident.usecases.evidence import evidence
from incident.usecases.evidence_reading import checked_chunks
from incident.usecases.incidents import family
from incident.usecases.press import pdf_of
from incident.usecases.versions import VersionView, canonical, versions


@dataclass(slots=True)
class Parts:
    """Lines of dossier.json, filled while the files are written."""

    documents: list[dict[str, object]] = field(default_factory=list)
    filings: list[dict[str, object]] = field(default_factory=list)
    receipts: list[dict[str, object]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What would belong here and is not, in words."""


Piece = tuple[str, Iterator[bytes]]
"""A file's name inside the dossier, and its content in pieces."""


def instant(at: datetime | None) -> str | None:
    """An instant as dossier.json says it."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def document_pieces(desk: Desk, incident: Incident, parts: Parts, *, now: datetime) -> Iterator[Piece]:
    """Every frozen text and its PDF: approved and sent ones, and drafts as what they are."""
    people = names(desk)
    for notice_id in _notice_ids(desk, incident):
        for view in versions(desk, notice_id):
            pressed = pdf_of(desk, view.version.id, now=now)
            base = f"documents/{pressed.name.removesuffix('.pdf')}"
            content = canonical(view.version.content)
            parts.documents.append(_line(desk, view, base, pressed.pdf, people))
            yield f"{base}.json", iter((content,))
            yield f"{base}.pdf", iter((pressed.pdf,))


def _notice_ids(desk: Desk, incident: Incident) -> list[UUID]:
    with desk.workspace.reading() as session:
        of_it = col(NoticeRow.incident_id).in_(family(session, incident.id))
        return list(session.exec(select(NoticeRow.id).where(of_it).order_by(col(NoticeRow.created_at))).all())


def _line(desk: Desk, view: VersionView, base: str, pdf: bytes, people: Mapping[UUID, str]) -> dict[str, object]:
    version = view.version
    return {
        "title": version.content["title"],
        "version": version.number,
        "kind": version.kind.value,
        "state": view.state.value,
        "made_at": instant(version.made_at),
        "made_by": people.get(version.made_by, ""),
        "content": f"{base}.json",
        "content_sha256": version.content_hash,
        "pdf": f"{base}.pdf",
        "pdf_sha256": sha256(pdf).hexdigest(),
        "journal": {"entry": version.journal_seq, "hash": version.journal_hash},
        "approvals": _approvals(desk, version.id, people),
        "version_id": str(version.id),
    }


def _approvals(desk: Desk, version_id: UUID, people: Mapping[UUID, str]) -> list[dict[str, object]]:
    query = select(ApprovalRow).where(ApprovalRow.version_id == version_id).order_by(col(ApprovalRow.at))
    with desk.workspace.reading() as session:
        return [
            {
                "by": str(each.by),
                "name": people.get(each.by, ""),
                "at": instant(each.at),
                "approved": each.approved,
                "key": each.public_key.hex(),
                "signature": each.signature.hex(),
                "note": each.note,
            }
            for each in session.exec(query).all()
        ]


def _filing(row: FilingRow, people: Mapping[UUID, str]) -> dict[str, object]:
    return {
        "at": instant(row.filed_at),
        "obligation": row.obligation,
        "on_behalf_of": row.on_behalf_of,
        "recipient": row.recipient,
        "channel": row.channel,
        "reference": row.reference,
        "due_at": instant(row.due_at),
        "late_by_seconds": row.late_by,
        "late_reason": row.late_reason,
        "receipt_sha256": row.receipt_hash,
        "version_id": str(row.version_id) if row.version_id else None,
        "by": people.get(row.by, ""),
    }


def sent_receipts(desk: Desk, incident: Incident, profile: Profile, parts: Parts) -> list[EvidenceItem]:
    """The receipts that this reader gets; each filing and receipt is put on the list, with why one is not there."""
    people, kept = names(desk), {each.sha256: each for each in evidence(desk, incident)}
    taken: dict[str, EvidenceItem] = {}
    with desk.workspace.reading() as session:
        query = select(FilingRow).where(col(FilingRow.incident_id).in_(family(session, incident.id)))
        parts.filings += [_filing(each, people) for each in session.exec(query.order_by(col(FilingRow.filed_at))).all()]
    for digest in (str(each["receipt_sha256"]) for each in parts.filings):
        if not digest or any(each["sha256"] == digest for each in parts.receipts):
            continue
        item = kept.get(digest)
        here = item is not None and not item.is_destroyed and may_leave(profile, privileged=item.privileged)
        parts.receipts.append({"sha256": digest, "file": receipt_name(item) if item is not None and here else ""})
        if item is not None and here:
            taken[digest] = item
        else:
            parts.left_out.append(f"the receipt {digest[:12]}…: it is privileged, destroyed or was not kept")
    return list(taken.values())


def receipt_name(item: EvidenceItem) -> str:
    """Where a receipt stands: its number among the evidence and a name that every system can write."""
    plain = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in item.name)[-80:]
    return f"receipts/{item.number:03d}_{plain.lstrip('.-') or 'receipt'}"


def receipt_pieces(desk: Desk, items: list[EvidenceItem]) -> Iterator[Piece]:
    """The receipts' bytes, checked while they are written."""
    for item in items:
        yield receipt_name(item), checked_chunks(desk, item)
