"""What was promised in an initial notice and is still owed: the same notice goes on as its own follow-up, or the next report.

A notice that was sent as initial stays the draft of its follow-up: its answers stand, later facts move them, and the next
version says what changed. Where the law asks for a report of its own (a final report after an early warning), that one is
begun with the answers carried on.
"""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.notice import NoticeKind
from incident.errors import RefusedError
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_of
from incident.usecases.notices import Draft, NewNotice, begin, notices
from incident.usecases.versions import VersionView, versions


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What follows a notice that was sent."""

    version: int
    """The initial version that promised it."""
    promised: tuple[str, ...]
    """What it said would follow, in the document's language."""
    open: tuple[str, ...]
    """Of that, what is not there yet."""
    next_report: str
    """The template of a report of its own that continues this one; empty where the same notice goes on."""
    is_begun: bool
    """Whether that report is among the incident's notices."""

    @property
    def text(self) -> str:
        """The state in a line."""
        if self.next_report:
            return f"then {self.next_report}: {'begun' if self.is_begun else 'not begun'}"
        if not self.promised:
            return f"version {self.version} promised nothing more"
        return f"{len(self.promised) - len(self.open)} of {len(self.promised)} promised in version {self.version} are here"


def follow_up(drafted: Draft, made: tuple[VersionView, ...], known: tuple[Draft, ...] = ()) -> FollowUp | None:
    """What follows; None while no initial version was approved or sent, or once a complete or withdrawing one was."""
    out = [each for each in made if each.filings or each.is_approved]
    following = _next_report(drafted)
    is_over = not out or (out[-1].version.kind in (NoticeKind.COMPLETE, NoticeKind.WITHDRAWAL) and not following)
    if is_over:
        return None
    first = next((each for each in out if each.version.kind is NoticeKind.INITIAL), out[0])
    kept = first.version.content.get("to_follow")
    promised = tuple(str(each) for each in kept) if isinstance(kept, (list, tuple)) else ()
    begun = any(each.template.slug == following and each.notice.on_behalf_of == drafted.notice.on_behalf_of for each in known)
    return FollowUp(
        version=first.version.number,
        promised=promised,
        open=tuple(each for each in promised if each in drafted.to_follow),
        next_report=following,
        is_begun=begun,
    )


def _next_report(drafted: Draft) -> str:
    """The template that continues this one at first hand: of the others that it continues it names this one first."""
    slug = drafted.template.slug
    found = [
        each.slug
        for each in catalogue().templates.values()
        if each.slug != slug and [one for one in each.continues if one != each.slug][:1] == [slug]
    ]
    return sorted(found)[0] if found else ""


def begin_follow_up(desk: Desk, drafted: Draft, *, now: datetime) -> Draft:
    """Begin the report that follows, with recipient, language and answers carried on; the notice itself where it goes on."""
    incident = incident_of(desk, drafted.notice.incident_id)
    known = notices(desk, incident, now=now)
    following = follow_up(drafted, versions(desk, drafted.notice.id), known)
    if following is None:
        raise RefusedError(
            "Nothing follows this notice yet.", "A follow-up begins once an initial version is approved; freeze one first."
        )
    if not following.next_report:
        return drafted
    if following.is_begun:
        return next(each for each in known if each.template.slug == following.next_report)
    notice = drafted.notice
    languages = catalogue().template(following.next_report).languages
    new = NewNotice(
        template=following.next_report,
        language=notice.language if notice.language in languages else "",
        recipient_name=notice.recipient_name,
        recipient_address=notice.recipient_address,
        on_behalf_of=notice.on_behalf_of,
    )
    return begin(desk, incident, new, now=now)
