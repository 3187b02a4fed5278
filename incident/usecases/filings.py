"""Record that a notice was sent: channel, reference, receipt, who, when, and why it was late if it was.

The program sends nothing. Lateness is judged at the first filing of an obligation and frozen there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from incident.domain.duty_clock import PrincipalClocks
from incident.domain.incident import Incident
from incident.domain.moment import Said
from incident.domain.notice import Filing
from incident.domain.obligation import Obligation, ObligationState
from incident.errors import ContentError, RefusedError
from incident.store.tables import FilingRow, NoticeRow, NoticeVersionRow
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clocks_in, obligation_named
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence, evidence
from incident.usecases.incidents import refuse_future
from incident.usecases.notices import draft
from incident.usecases.versions import as_it_was, version_view, void_by_change


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
    as_it_was: bool = False
    """The version was sent although the draft says something else by now."""


def record_filing(desk: Desk, incident: Incident, sent: Sent, when: Said, *, now: datetime) -> tuple[Filing, ...]:
    """Record a sending for every obligation it discharges; a late first filing asks for its reasons."""
    if when.at is None:
        raise ContentError(f"{when.readback} has no clock time.", "Say when it was sent, for example `today 16:40`.")
    refuse_future(when, now=now)
    if not sent.channel.strip():
        raise ContentError("How it was sent is not said.", "Name the channel: portal, e-mail, post, telephone …")
    notice = _approved_notice(desk, sent, when.at)
    _refuse_left_behind(desk, sent, now)
    discharged = tuple(notice.obligations) if notice is not None and not sent.obligation else (sent.obligation,)
    known = catalogue().law.known_obligations
    if not discharged or any(each not in known and each.split("@")[0] not in known for each in discharged):
        raise ContentError(
            f"«{', '.join(discharged)}» is no obligation this version knows.", "`incident clocks` lists the ids."
        )
    rows = partial(_filing_rows, desk, incident, sent, when.at, discharged, notice)
    with desk.workspace.reading() as session:
        rows(session, now)  # what is refused is refused before the receipt is taken in
    receipt_hash = _kept_receipt(desk, incident, sent, now=now)
    filings = []
    detail = {"obligations": list(discharged)}
    with desk.workspace.change("filing.record", now=now, incident_id=incident.id, detail=detail) as session:
        for row in rows(session, now):
            row.receipt_hash = receipt_hash
            session.add(row)
            session.flush()
            filings.append(value_of(Filing, row))
    return tuple(filings)


def _filing_rows(
    desk: Desk,
    incident: Incident,
    sent: Sent,
    at: datetime,
    discharged: Sequence[str],
    notice: NoticeRow | None,
    session: Session,
    now: datetime,
) -> list[FilingRow]:
    """A row for every obligation that the sending discharges, judged; raises RefusedError for what cannot be recorded."""
    answers = clocks_in(session, incident.id, now=now)
    principal = notice.on_behalf_of if notice is not None else sent.on_behalf_of
    rows = []
    for each in (one for named in discharged for one in _at_their_places(answers, named, principal)):
        row = _filing_row(desk, incident, sent, at, each, notice)
        row.on_behalf_of = principal
        with session.no_autoflush:
            _judge(session, row, obligation_named(answers, each, principal))
        rows.append(row)
    return rows


def _at_their_places(answers: Sequence[PrincipalClocks], named: str, principal: str) -> tuple[str, ...]:
    """The obligation as it stands now: one that was named before its place was known stands for the place it has."""
    held = [each.assessment.obligations for each in answers if each.on_behalf_of == principal]
    ids = [one.id for obligations in held for one in obligations if one.state is not ObligationState.NOT_REQUIRED]
    placed = [each for each in ids if each.split("@")[0] == named and "@" in each]
    if "@" in named or named in ids or not placed:
        return (named,)
    if len(placed) > 1:
        raise RefusedError(f"«{named}» is owed at several places.", f"Name one with --obligation: {', '.join(placed)}.")
    return (placed[0],)


def _approved_notice(desk: Desk, sent: Sent, sent_at: datetime) -> NoticeRow | None:
    if sent.version_id is None:
        return None
    view = version_view(desk, sent.version_id)
    if not view.is_approved:
        raise RefusedError(f"Version {view.version.number} is not approved.", "A second person approves it before it is sent.")
    approved_at = min(each.at for each in view.approvals if each.approved)
    if sent_at < approved_at:
        raise RefusedError(
            f"It cannot have been sent before it was approved ({approved_at:%Y-%m-%d %H:%M} UTC).",
            "Mend the time; what went out without an approved version is recorded with --obligation alone.",
        )
    with desk.workspace.reading() as session:
        version = session.get_one(NoticeVersionRow, sent.version_id)
        notice = session.get_one(NoticeRow, version.notice_id)
        session.expunge(notice)
        return notice


def _refuse_left_behind(desk: Desk, sent: Sent, now: datetime) -> None:
    """An approved version that the draft no longer says is filed only by somebody who means it."""
    if sent.version_id is None or sent.as_it_was:
        return
    view = version_view(desk, sent.version_id)
    if void := void_by_change(draft(desk, view.version.notice_id, now=now), view, even_if_sent=True):
        raise RefusedError(void, as_it_was(view.version.number))


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


def _kept_receipt(desk: Desk, incident: Incident, sent: Sent, *, now: datetime) -> str:
    """The receipt's hash, its bytes among the evidence; bytes that are there already are not kept twice."""
    if sent.receipt is None:
        return ""
    try:
        digest = sha256(sent.receipt.read_bytes()).hexdigest()
    except OSError as error:
        raise ContentError(f"{sent.receipt}: {error.strerror}.", "Name the receipt's file.") from error
    held = {each.sha256 for each in evidence(desk, incident) if not each.is_destroyed}
    if digest not in held:
        said = f"receipt, {sent.channel.strip()}" + (f", reference {sent.reference}" if sent.reference else "")
        item = add_evidence(desk, incident, sent.receipt, Offered(source=said, note="receipt of a filing"), now=now)
        return item.sha256
    return digest
