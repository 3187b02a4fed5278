"""A notice in the recipient's machine-readable form: from a frozen version, else from the draft as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incident.domain.access import AccessAct
from incident.domain.form import asked_fields, said_by_kind
from incident.domain.notice import NoticeKind, NoticeVersion
from incident.errors import RefusedError
from incident.interchange.edpb_json import EDPB, edpb_document, lacking_rows
from incident.usecases.access import record_access
from incident.usecases.desk import Desk
from incident.usecases.filed import filings
from incident.usecases.incidents import incident_of
from incident.usecases.marked_passages import refuse_unclear_marks, unclear_marks
from incident.usecases.notices import Draft
from incident.usecases.pages import plain_fields


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """A notice as JSON: its content, whether it is only a draft, and the rows that are still open."""

    document: Mapping[str, object]
    version: int | None
    """The version it was made from; None: the draft, which nobody froze or approved."""
    open_rows: tuple[str, ...]


def notice_json(desk: Desk, drafted: Draft, version: NoticeVersion | None, *, now: datetime) -> NoticeDocument:
    """The EDPB's common template as JSON; refused for other templates, and for a complete notice with open rows."""
    template = drafted.template
    if template.exchange != EDPB:
        raise RefusedError(f"«{template.title}» has no machine-readable form.", "`gdpr-authority` has the EDPB's.")
    if version is None:
        refuse_unclear_marks(unclear_marks(template, drafted.notice.fields))
    kind = version.kind if version is not None else NoticeKind.INITIAL
    fields = (
        plain_fields(version.content) if version is not None else {key: f.value for key, f in drafted.notice.fields.items()}
    )
    incident = incident_of(desk, drafted.notice.incident_id)
    until = version.made_at if version is not None else now
    earlier = [
        each
        for each in filings(desk, incident)
        if each.obligation in drafted.notice.obligations
        and each.on_behalf_of == drafted.notice.on_behalf_of
        and each.filed_at <= until
    ]
    follows = bool(earlier) and kind is not NoticeKind.INITIAL
    said = said_by_kind(template, kind, follows=follows, reference=earlier[0].reference if follows else "")
    values = {**fields, **{key: value for key, value in said.items() if fields.get(key) is None}}
    asked = asked_fields(template.fields, values, drafted.facts, kind)
    lacking = lacking_rows(template, values, asked)
    if kind is NoticeKind.COMPLETE and lacking:
        named = "; ".join(lacking[:6]) + (" …" if len(lacking) > 6 else "")
        hint = "Answer them and freeze again, or freeze an initial or supplementary version."
        raise RefusedError(f"The template wants {len(lacking)} more rows in a complete notice: {named}.", hint)
    document = edpb_document(template, values, asked, drafted.zone)
    record_access(desk, AccessAct.EXPORTED, "a notice as JSON", incident, now=now)
    return NoticeDocument(document, version.number if version is not None else None, lacking)
