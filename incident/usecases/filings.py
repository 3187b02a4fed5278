"""Record that a notice was sent: channel, reference, receipt, who, when, and why it was late if it was.

The program sends nothing. Lateness is judged at the first filing of an obligation and frozen there.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from incident.domain.incident import Incident
from incident.domain.moment import Said
from incident.domain.notice import Filing
from incident.domain.obligation import Obligation
from incident.errors import ContentError, RefusedError
from incident.store.tables import FilingRow, NoticeRow, NoticeVersionRow
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clocks_in, obligation_named
from incident.usecases.desk import Desk
from incident.usecases.incidents import refuse_future
from incident.usecases.versions import version_view


@dataclass(frozen=True, slots=True)
class Sent:
    """What is said about a sending. Either a version (its notice names the obligations) or an obligation."""

    channel: str
    version_id: UUID | None = None
    obligation: str = ""
    on_behalf_of: str = ""
    recipient: str = ""
    reference: str = ""
    receipt: Path | None = None
    late_reason: str = ""


def record_filing(desk: Desk, incident: Incident, sent: Sent, when: Said, *, now: datetime) -> tuple[Filing, ...]:
    """Record a sending for every obligation it discharges; a late first filing asks for its reasons."""
    if when.at is None:
        raise ContentError(f"{when.readback} has no clock time.", "Say when it was sent, for example `today 16:40`.")
    refuse_future(when, now=now)
    if not sent.channel.strip():
        raise ContentError("How it was sent is not said.", "Name the channel: portal, e-mail, post, telephone …")
    receipt_hash = _receipt_hash(sent.receipt)
    notice = _approved_notice(desk, sent)
    discharged = tuple(notice.obligations) if notice is not None and not sent.obligation else (sent.obligation,)
    known = catalogue().law.known_obligations
    if not discharged or any(each not in known and each.split("@")[0] not in known for each in discharged):
        raise ContentError(
            f"«{', '.join(discharged)}» is no obligation this version knows.", "`incident clocks` lists the ids."
        )
    filings = []
    detail = {"obligations": list(discharged)}
    with desk.workspace.change("filing.record", now=now, incident_id=incident.id, detail=detail) as session:
        answers = clocks_in(session, incident.id, now=now)
        principal = notice.on_behalf_of if notice is not None else sent.on_behalf_of
        for each in discharged:
            obligation = obligation_named(answers, each, principal)
            row = _filing_row(desk, incident, sent, when.at, each, notice)
            row.on_behalf_of, row.receipt_hash = principal, receipt_hash
            _judge(session, row, obligation)
            session.add(row)
            session.flush()
            filings.append(value_of(Filing, row))
    return tuple(filings)


def _approved_notice(desk: Desk, sent: Sent) -> NoticeRow | None:
    if sent.version_id is None:
        return None
    view = version_view(desk, sent.version_id)
    if not view.is_approved:
        raise RefusedError(f"Version {view.version.number} is not approved.", "A second person approves it before it is sent.")
    with desk.workspace.reading() as session:
        version = session.get_one(NoticeVersionRow, sent.version_id)
        notice = session.get_one(NoticeRow, version.notice_id)
        session.expunge(notice)
        return notice


def _filing_row(
    desk: Desk, incident: Incident, sent: Sent, at: datetime, obligation: str, notice: NoticeRow | None
) -> FilingRow:
    return FilingRow(
        incident_id=incident.id,
        notice_id=notice.id if notice is not None else None,
        version_id=sent.version_id,
        obligation=obligation,
        filed_at=at,
        recipient=sent.recipient or (notice.recipient_name if notice is not None else ""),
        channel=sent.channel.strip(),
        reference=sent.reference,
        late_reason=sent.late_reason.strip(),
        by=desk.me.id,
    )


def _judge(session: Session, row: FilingRow, obligation: Obligation | None) -> None:
    """Freeze due date and lateness at the first filing; a late one without reasons is refused."""
    earlier = session.exec(
        select(FilingRow).where(
            FilingRow.incident_id == row.incident_id,
            FilingRow.obligation == row.obligation,
            FilingRow.on_behalf_of == row.on_behalf_of,
        )
    ).first()
    if obligation is None or earlier is not None or obligation.due_at is None:
        return
    row.due_at = obligation.due_at
    row.late_by = max(0, int((row.filed_at - obligation.due_at).total_seconds()))
    if row.late_by and not row.late_reason:
        raise RefusedError(
            f"{obligation.title}: this filing is late, and no reason is given.",
            "Say why (late reason); Art. 33(1) GDPR and others ask for it in the notice itself.",
        )


def _receipt_hash(receipt: Path | None) -> str:
    if receipt is None:
        return ""
    try:
        return sha256(receipt.read_bytes()).hexdigest()
    except OSError as error:
        raise ContentError(f"{receipt}: {error.strerror}.", "Name the receipt's file.") from error
