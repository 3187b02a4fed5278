"""Which clocks run for an incident: the law's one pure function over the facts as they stand.

Nothing of this is stored. The lateness of a first filing is: it was judged when the filing was recorded, and a
fact corrected afterwards does not rewrite it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.duty_clock import OWED, Clock, PrincipalClocks, clocks_of
from incident.domain.fact_record import as_document, current, known_values, principals
from incident.domain.facts import Facts
from incident.domain.incident import Incident
from incident.domain.obligation import Obligation, ObligationState
from incident.store.tables import FilingRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, organisation_in
from incident.usecases.facts import fact_records_in
from incident.usecases.incidents import family


def clocks(desk: Desk, incident: Incident, *, now: datetime) -> tuple[PrincipalClocks, ...]:
    """Assess the incident's facts for ourselves and for every principal whose duties are delegated to us."""
    with desk.workspace.reading() as session:
        return clocks_in(session, incident.id, now=now)


def own_facts(desk: Desk, incident: Incident) -> Facts:
    """The incident's own facts as the law reads them, without asking what follows from them."""
    with desk.workspace.reading() as session:
        standing = current(fact_records_in(session, incident.id))
        values = known_values(standing, of_organisation=organisation_in(session).facts())
        filings = [each for each in _filings(session, incident.id) if not each.on_behalf_of]
        return _facts(values, filings, "")


def clocks_in(session: Session, incident_id: UUID, *, now: datetime) -> tuple[PrincipalClocks, ...]:
    """As `clocks`, read in a running transaction."""
    law = catalogue().law
    records = fact_records_in(session, incident_id)
    standing = current(records)
    profile = organisation_in(session).facts()
    filings = _filings(session, incident_id)
    answers = []
    for principal in principals(records):
        values = known_values(standing, on_behalf_of=principal, of_organisation=profile)
        own = [each for each in filings if each.on_behalf_of == principal]
        facts = _facts(values, own, principal)
        assessment = law.assess(facts, now=now)
        frozen = tuple(_frozen(each, own) for each in assessment.obligations)
        answers.append(PrincipalClocks(principal, replace(assessment, obligations=frozen), facts))
    return tuple(answers)


def _filings(session: Session, incident_id: UUID) -> tuple[FilingRow, ...]:
    query = (
        select(FilingRow).where(col(FilingRow.incident_id).in_(family(session, incident_id))).order_by(col(FilingRow.filed_at))
    )
    return tuple(session.exec(query).all())


def _facts(values: dict[str, object], filings: Iterable[FilingRow], principal: str) -> Facts:
    law = catalogue().law
    known = law.known_obligations  # a filing outlives the regime of one's own that asked for it
    document = as_document({key: value for key, value in values.items() if key in law.vocabulary.kinds})
    filed = [
        {"obligation": each.obligation, "at": each.filed_at.isoformat(), "to": each.recipient}
        for each in filings
        if each.obligation.split("@")[0] in known
    ]
    if filed:
        document["filed"] = filed
    return law.facts(document, source=principal or "this incident")


def _frozen(obligation: Obligation, filings: Iterable[FilingRow]) -> Obligation:
    first = next((each for each in filings if each.obligation == obligation.id), None)
    if first is None or obligation.state is not ObligationState.SATISFIED:
        return obligation
    return replace(obligation, late_by=first.late_by, due_at=first.due_at or obligation.due_at)


def clock_list(answers: Iterable[PrincipalClocks], *, owed_only: bool = False) -> tuple[Clock, ...]:
    """Every obligation of every principal as one list, the most pressing first."""
    found = [clock for each in answers for clock in clocks_of(each) if not owed_only or clock.obligation.state in OWED]
    return tuple(sorted(found, key=lambda each: each.sort_key))


def obligation_named(answers: Iterable[PrincipalClocks], obligation_id: str, on_behalf_of: str) -> Obligation | None:
    """The obligation with this id for this principal, if the facts give rise to one."""
    for each in answers:
        if each.on_behalf_of == on_behalf_of:
            return next((found for found in each.assessment.obligations if found.id == obligation_id), None)
    return None
