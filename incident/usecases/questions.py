"""What do we need to find out for an incident? The missing facts of every principal, the most pressing first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from incident.domain.duty_clock import PrincipalClocks
from incident.domain.fact_record import FactRecord, current
from incident.domain.incident import Incident
from incident.domain.open_question import OpenQuestion, open_questions
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clocks
from incident.usecases.desk import Desk, names
from incident.usecases.facts import fact_records


@dataclass(frozen=True, slots=True)
class IncidentQuestion:
    """A missing fact, for whom it is missing, and by when its owner wanted to have the answer."""

    on_behalf_of: str
    open: OpenQuestion
    wanted_at: datetime | None = None


def questions(desk: Desk, incident: Incident, *, now: datetime) -> tuple[IncidentQuestion, ...]:
    """The missing facts, ranked by how soon the earliest clock they could start would fall due."""
    standing = current(fact_records(desk, incident))
    people = {str(person): name for person, name in names(desk).items()}
    found = list(_questions(clocks(desk, incident, now=now), standing, people, now))
    far = float("inf")
    return tuple(sorted(found, key=lambda each: each.open.soonest_at.timestamp() if each.open.soonest_at is not None else far))


def _questions(
    answers: Iterable[PrincipalClocks],
    standing: Mapping[tuple[str, str], FactRecord],
    people: Mapping[str, str],
    now: datetime,
) -> Iterable[IncidentQuestion]:
    vocabulary = catalogue().law.vocabulary
    for each in answers:

        def owner(key: str, whose: str = each.on_behalf_of) -> str:
            record = standing.get((whose, key))
            named = people.get(str(record.owner), "") if record is not None and record.owner is not None else ""
            return named or vocabulary.owner(key)

        for question in open_questions(each.assessment.obligations, now=now, owner=owner):
            record = standing.get((each.on_behalf_of, question.fact))
            wanted = record.wanted_at if record is not None and record.unknown else None
            yield IncidentQuestion(each.on_behalf_of, question, wanted)
