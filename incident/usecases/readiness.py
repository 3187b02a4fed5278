"""Readiness of an organisation, gathered from the record, the law and this machine; tested numbers and contacts are kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from incident.content.authorities import read_authorities
from incident.domain.duty_clock import OWED
from incident.domain.notice import NoticeTemplate
from incident.domain.obligation import Obligation
from incident.domain.organisation import Organisation
from incident.domain.permission import Capability
from incident.domain.readiness import (
    Check,
    ContactKind,
    NumberTest,
    ReachedLaw,
    StandingContact,
    approver_checks,
    contact_checks,
    contract_checks,
    copy_checks,
    exercise_checks,
    law_checks,
    people_checks,
    profile_checks,
    reminder_checks,
)
from incident.domain.roster import works_alone
from incident.errors import ContentError, RefusedError
from incident.store.copies import copies
from incident.store.reminder_key import ReminderPlace
from incident.store.reminder_tables import NumberTestRow, StandingContactRow
from incident.store.tables import IncidentRow
from incident.usecases.catalogue import Catalogue, catalogue
from incident.usecases.contracts import own_contracts
from incident.usecases.desk import Desk, organisation, require, responder_named, responders


def readiness(desk: Desk, *, now: datetime) -> tuple[Check, ...]:
    """Every check, in the order in which one would mend: people, laws and notices, outside, this machine."""
    profile, people = organisation(desk), responders(desk)
    laws = reached_laws(profile, now=now)
    own = own_contracts()
    late = [each.short for each in own if each.recheck_by < now.date()]
    place = ReminderPlace(desk.workspace.vault_id)
    with desk.workspace.reading() as session:
        tests, contacts, exercised = _number_tests(session), _contacts(session), _last_exercise(session)
    return (
        *people_checks(people, tests, now=now),
        *approver_checks(people),
        *profile_checks(profile, data_protection=any(each.slug == "eu-gdpr" and each.certain for each in laws)),
        *law_checks(laws, today=now.date()),
        *contract_checks([each.short for each in own], late),
        *contact_checks(contacts, today=now.date()),
        *copy_checks(_newest_copy(desk), now=now),
        *exercise_checks(exercised, now=now),
        *reminder_checks(on=place.is_on, channels=len(place.channels())),
    )


def reached_laws(profile: Organisation, *, now: datetime) -> tuple[ReachedLaw, ...]:
    """The bodies of law that a breach at this organisation could trigger, with nothing known but its profile.

    Whatever the profile does not rule out is within reach: an answer that is missing excludes nothing.
    """
    loaded = catalogue()
    law = loaded.law
    assessment = law.assess(law.facts(dict(profile.facts()), source="the profile"), now=now)
    owed: dict[str, list[Obligation]] = defaultdict(list)
    for each in assessment.obligations:
        if each.state in OWED:
            owed[each.id.split("/")[0]].append(each)
    contracts = {each.slug for each in own_contracts()}
    found = []
    for regime in law.regimes:
        if regime.slug in owed and regime.slug not in contracts:
            certain = [each for each in owed[regime.slug] if not each.unreached]
            duties = certain or owed[regime.slug]
            found.append(
                ReachedLaw(
                    regime.slug,
                    regime.short,
                    bool(certain),
                    regime.recheck_by,
                    tuple(dict.fromkeys(each.title for each in duties if not _met(each, loaded))),
                    _languages_lacking(duties, profile, loaded) if certain else {},
                )
            )
    return tuple(found)


def _meeting(duty: Obligation, loaded: Catalogue) -> list[NoticeTemplate]:
    return [each for each in loaded.templates.values() if each.meets(duty.id) or duty.id.split("@")[0] in each.duties]


def _met(duty: Obligation, loaded: Catalogue) -> bool:
    return not duty.recipient or bool(_meeting(duty, loaded))


def _languages_lacking(duties: Sequence[Obligation], profile: Organisation, loaded: Catalogue) -> dict[str, tuple[str, ...]]:
    """Languages that an authority's form, or the people where we are established, read and no notice of the duty has."""
    table = read_authorities()
    at_home = {language for place in profile.established_in or () for each in table.of(place) for language in each.languages}
    lacking: dict[str, tuple[str, ...]] = {}
    for duty in duties:
        meeting = _meeting(duty, loaded)
        written = {language for each in meeting for language in each.languages}
        competent = table.for_obligation(duty.id)
        read = {each.languages[0] for each in competent} if competent else at_home if _to_people(duty) else set()
        if meeting and (missing := tuple(sorted(read - written))):
            lacking[meeting[0].slug] = missing
    return lacking


def _to_people(duty: Obligation) -> bool:
    return duty.id.split("@")[0].endswith("/individuals")


def _newest_copy(desk: Desk) -> tuple[datetime, bool] | None:
    newest = max(copies(desk.workspace.path), key=lambda each: each.made_at, default=None)
    return (newest.made_at, newest.tested_at is not None) if newest is not None else None


def _last_exercise(session: Session) -> datetime | None:
    newest = select(IncidentRow.declared_at).where(col(IncidentRow.exercise)).order_by(col(IncidentRow.declared_at).desc())
    return session.exec(newest).first()


def _number_tests(session: Session) -> Iterable[NumberTest]:
    rows = session.exec(select(NumberTestRow)).all()
    return [NumberTest(row.responder_id, row.phone, row.answered, row.at, row.note) for row in rows]


def _contacts(session: Session) -> Iterable[StandingContact]:
    rows = session.exec(select(StandingContactRow)).all()
    return [StandingContact(ContactKind(row.kind), row.name, row.phone, row.contract, row.checked_on) for row in rows]


def contacts(desk: Desk) -> tuple[StandingContact, ...]:
    """The people outside, as entered."""
    with desk.workspace.reading() as session:
        return tuple(sorted(_contacts(session), key=lambda each: list(ContactKind).index(each.kind)))


def record_number_test(desk: Desk, name: str, *, answered: bool, now: datetime, note: str = "") -> NumberTest:
    """Record that somebody's number was called just now, and whether they answered."""
    person = responder_named(desk, name)
    if not person.phone.strip():
        mend = f'`incident team change {person.sign_in} --phone "+49 …"`'
        raise RefusedError(f"{person.name} has no number that could have been called.", mend)
    made = NumberTest(person.id, person.phone, answered, now, note.strip())
    with desk.workspace.change("ready.number", now=now, detail={"sign_in": person.sign_in, "answered": answered}) as session:
        row = NumberTestRow(
            responder_id=person.id, phone=person.phone, answered=answered, note=made.note, at=now, by=desk.me.id
        )
        session.add(row)
    return made


def save_contact(desk: Desk, kind: str, name: str, *, phone: str, contract: str, now: datetime) -> StandingContact:
    """Enter somebody outside, or enter them again because they were checked; a blank contract keeps the one before."""
    require(desk, Capability.ADMINISTER)
    if kind not in {each.value for each in ContactKind}:
        raise ContentError(f"«{kind}» is no kind of contact.", f"Known: {', '.join(each.value for each in ContactKind)}.")
    if not name.strip():
        raise ContentError("The contact needs a name.", "Give the firm, and the person if there is one.")
    if not works_alone(phone):
        raise ContentError(f"«{phone}» cannot be dialled as it stands.", "Write it with its country: +49 30 5550 0100.")
    with desk.workspace.change("ready.contact", now=now, detail={"kind": kind}) as session:
        query = select(StandingContactRow).where(StandingContactRow.kind == kind)
        row = session.exec(query).first() or StandingContactRow(kind=kind, name="", checked_on=now.date())
        row.name, row.phone, row.checked_on = name.strip(), phone.strip(), now.date()
        row.contract = contract.strip() or row.contract
        session.add(row)
        session.flush()
        return StandingContact(ContactKind(kind), row.name, row.phone, row.contract, row.checked_on)
