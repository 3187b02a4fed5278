"""Which notice to begin: those that meet what is owed and not met yet come first, the earliest due before the others."""

from datetime import UTC, datetime

from incident.domain.duty_clock import OWED
from incident.domain.incident import Incident
from incident.domain.notice import NoticeTemplate
from incident.domain.obligation import Obligation, ObligationState
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clocks_in
from incident.usecases.desk import Desk

_NEVER = datetime.max.replace(tzinfo=UTC)


def templates_for(desk: Desk, incident: Incident, *, now: datetime) -> tuple[NoticeTemplate, ...]:
    """Every template, the most pressing first, the rest by name."""
    with desk.workspace.reading() as session:
        answers = clocks_in(session, incident.id, now=now)
    owed = [each for answer in answers for each in answer.assessment.obligations if each.state in OWED]
    return tuple(sorted(catalogue().templates.values(), key=lambda each: (*_pressing(each, owed), each.slug)))


def _pressing(template: NoticeTemplate, owed: list[Obligation]) -> tuple[bool, bool, datetime]:
    """Whether it meets nothing that is owed, whether all of that is met already, and when the first is due."""
    met = [each for each in owed if template.meets(each.id) and each.id.split("@")[0] not in template.apart]
    open_ones = [each for each in met if each.state is not ObligationState.SATISFIED]
    due = min((each.due_at for each in open_ones or met if each.due_at is not None), default=_NEVER)
    return not met, not open_ones, due
