"""Readiness: what an organisation lacks before anything has happened, each gap with the command that closes it.

Pure checks over people, laws within reach, notices, contacts, copies and exercises. A check that finds nothing wrong is said
too; that no gap is found does not mean that there is none.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from incident.domain.organisation import Organisation
from incident.domain.responder import Function, Responder
from incident.domain.roster import function_label, works_alone

NUMBER_STANDS = timedelta(days=180)
"""For so long a test of a telephone number counts."""
CONTACT_STANDS = timedelta(days=365)
EXERCISE_STANDS = timedelta(days=365)
COPY_STANDS = timedelta(days=7)
FUNCTIONS = (Function.IT, Function.LEGAL, Function.MANAGEMENT)
"""The three parts of the team that must be named beforehand."""


class Ready(StrEnum):
    """How a check came out."""

    READY = "ready"
    LOOK = "look"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its topic, how it came out, one sentence, and the command that closes the gap."""

    topic: str
    state: Ready
    text: str
    mend: str = ""


class ContactKind(StrEnum):
    """Whom outside the organisation an incident needs, with a contract made beforehand."""

    INSURER = "insurer"
    FORENSICS = "forensics"
    COUNSEL = "counsel"
    COMMUNICATIONS = "communications"
    HOSTING = "hosting"
    POLICE = "police"

    @property
    def label(self) -> str:
        """The contact as a person reads it: `forensics firm`."""
        return _CONTACTS[self]


_CONTACTS = {
    ContactKind.INSURER: "insurer",
    ContactKind.FORENSICS: "forensics firm",
    ContactKind.COUNSEL: "outside counsel",
    ContactKind.COMMUNICATIONS: "communications agency",
    ContactKind.HOSTING: "hosting provider",
    ContactKind.POLICE: "police contact",
}
WANTED_CONTACTS = (ContactKind.INSURER, ContactKind.FORENSICS, ContactKind.COUNSEL, ContactKind.COMMUNICATIONS)
_WITH_CONTRACT = frozenset(WANTED_CONTACTS)


@dataclass(frozen=True, slots=True)
class StandingContact:
    """Somebody outside, as entered."""

    kind: ContactKind
    name: str
    phone: str
    contract: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class NumberTest:
    """That a responder's number was called, and whether it was answered."""

    responder_id: UUID
    phone: str
    answered: bool
    at: datetime
    note: str = ""


def people_checks(people: Sequence[Responder], tests: Iterable[NumberTest], *, now: datetime) -> Iterator[Check]:
    """Whether IT, legal and management are named, with deputies and with numbers that were tried."""
    active = [each for each in people if each.active]
    latest = {each.responder_id: each for each in sorted(tests, key=lambda each: each.at)}
    for function in FUNCTIONS:
        label = function_label(function)
        named = [each for each in active if each.function is function]
        if named:
            yield Check("people", Ready.READY, f"Named for {label}: {', '.join(each.name for each in named)}.")
        else:
            mend = f'`incident team invite "NAME" --sign-in WORD --function {function.value} --phone "+…"`'
            yield Check("people", Ready.GAP, f"Nobody is named for {label}.", mend)
        for each in named:
            yield from _person(each, active, latest.get(each.id), now)


def _person(person: Responder, active: Sequence[Responder], test: NumberTest | None, now: datetime) -> Iterator[Check]:
    change = f"incident team change {person.sign_in}"
    deputy = next((each for each in active if each.id == person.deputy), None)
    if deputy is None:
        yield Check("deputies", Ready.GAP, f"Nobody stands in for {person.name}.", f"`{change} --deputy WORD`")
    else:
        yield Check("deputies", Ready.READY, f"{deputy.name} stands in for {person.name}.")
    if not works_alone(person.phone):
        said = f"«{person.phone}» cannot be dialled as it stands" if person.phone.strip() else "there is no number"
        yield Check("numbers", Ready.GAP, f"{person.name}: {said}.", f'`{change} --phone "+49 …"`')
        return
    mend = f"call them, then `incident ready number {person.sign_in} --answered yes`"
    if test is None or test.phone != person.phone:
        yield Check("numbers", Ready.GAP, f"{person.name}: {person.phone} was never tried.", mend)
    elif not test.answered:
        yield Check("numbers", Ready.GAP, f"{person.name}: {person.phone} was not answered on {test.at:%d %b %Y}.", mend)
    elif now - test.at > NUMBER_STANDS:
        yield Check("numbers", Ready.LOOK, f"{person.name}: last tried {(now - test.at).days} days ago.", mend)
    else:
        yield Check("numbers", Ready.READY, f"{person.name}: answered on {test.at:%d %b %Y}.")


def approver_checks(people: Sequence[Responder]) -> Iterator[Check]:
    """Whether somebody may approve notices, and somebody else when they are away or wrote it themselves."""
    approvers = [each for each in people if each.active and each.may_approve]
    mend = "`incident team change WORD --may-approve yes`"
    if not approvers:
        yield Check("approvers", Ready.GAP, "Nobody may approve a notice: none could be sent as approved.", mend)
    elif len(approvers) == 1:
        text = f"Only {approvers[0].name} may approve; nobody can while they are away, or when they wrote the notice."
        yield Check("approvers", Ready.LOOK, text, mend)
    else:
        yield Check("approvers", Ready.READY, f"{len(approvers)} people may approve notices.")


def profile_checks(profile: Organisation, *, data_protection: bool) -> Iterator[Check]:
    """Whether the profile says what decides which laws reach us, and whom an authority can call."""
    unsaid = [
        (option, what)
        for option, what, said in (
            ("--roles", "our capacities in law", bool(profile.roles)),
            ("--sectors", "our sectors (none is an answer)", profile.sectors is not None),
            ("--established-in", "where we are established", profile.established_in is not None),
            ("--legal-name", "the legal name", bool(profile.legal_name)),
            ("--address", "the postal address", bool(profile.address)),
            ("--contact-phone", "the contact's telephone", bool(profile.contact_phone)),
            ("--contact-email", "the contact's e-mail", bool(profile.contact_email)),
        )
        if not said
    ]
    for option, what in unsaid:
        yield Check("profile", Ready.GAP, f"The profile does not say {what}.", f"`incident organisation set {option} …`")
    if data_protection and not (profile.dpo_name and (profile.dpo_email or profile.dpo_phone)):
        text = "No data protection officer or contact point with an address is in the profile; the form asks for one."
        yield Check("profile", Ready.LOOK, text, "`incident organisation set --dpo-name … --dpo-email …`")
    if not unsaid:
        yield Check("profile", Ready.READY, "The profile says who we are in law and who can be reached.")


@dataclass(frozen=True, slots=True)
class ReachedLaw:
    """A body of law that a breach could trigger, and what its duties to tell somebody lack."""

    slug: str
    short: str
    certain: bool
    """By who we are; else only where people live."""
    recheck_by: date
    without_notice: tuple[str, ...]
    """Titles of duties that no notice template discharges."""
    languages_lacking: Mapping[str, tuple[str, ...]]
    """Notice → languages that its recipients read and it does not have."""


_NAMED = 4


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{rest}"


def law_checks(laws: Sequence[ReachedLaw], *, today: date) -> Iterator[Check]:
    """Which laws a breach could trigger, and which notices and languages they lack."""
    certain, elsewhere = [each for each in laws if each.certain], [each for each in laws if not each.certain]
    if certain:
        yield Check("laws", Ready.READY, f"By who we are, a breach may trigger: {_listed([each.short for each in certain])}.")
    if elsewhere:
        text = f"By where the affected people live, {len(elsewhere)} more: {_listed([each.short for each in elsewhere])}."
        yield Check("laws", Ready.READY, text)
    late = [each.short for each in laws if each.recheck_by < today]
    if late:
        yield Check("laws", Ready.LOOK, f"Past their re-check: {_listed(late)}.", "`incident regimes stale`")
    for each in certain:
        if each.without_notice:
            text = f"{each.short}: no notice is prepared for {_listed(each.without_notice)}."
            mend = f"`incident regimes show {each.slug}`, then add a folder to notice_templates/"
            yield Check("notices", Ready.GAP, text, mend)
        else:
            yield Check("notices", Ready.READY, f"{each.short}: a notice is prepared for each duty to tell somebody.")
        for notice, lacking in each.languages_lacking.items():
            text = f"{each.short}: «{notice}» is not written in {', '.join(lacking)}."
            yield Check("languages", Ready.GAP, text, f"add `{lacking[0]}.html.j2` to your notice_templates/{notice}/")
    if bare := [each.short for each in elsewhere if each.without_notice]:
        text = f"Of the laws by where people live, {len(bare)} have a duty without a notice of its own: {_listed(bare)}."
        yield Check("notices", Ready.LOOK, text, "`incident notice coverage`")


def contact_checks(contacts: Iterable[StandingContact], *, today: date) -> Iterator[Check]:
    """Whether the people outside are known, with a number that works alone and a contract, and were looked at this year."""
    known = {each.kind: each for each in contacts}
    for kind in ContactKind:
        found = known.get(kind)
        mend = f'`incident ready contact {kind.value} "NAME" --phone "+…" --contract NUMBER`'
        if found is None:
            if kind in WANTED_CONTACTS:
                yield Check("contacts", Ready.GAP, f"No {kind.label} is entered.", mend)
            continue
        lacking = [] if works_alone(found.phone) else ["a number that works alone"]
        lacking += ["a contract"] if kind in _WITH_CONTRACT and not found.contract else []
        if lacking:
            yield Check("contacts", Ready.GAP, f"{kind.label.capitalize()} {found.name} lacks {' and '.join(lacking)}.", mend)
        elif today - found.checked_on > CONTACT_STANDS:
            text = f"{kind.label.capitalize()} {found.name} was last checked on {found.checked_on:%d %b %Y}."
            yield Check("contacts", Ready.LOOK, text, mend)
        else:
            yield Check("contacts", Ready.READY, f"{kind.label.capitalize()}: {found.name}, {found.phone}.")


def contract_checks(names: Sequence[str], late: Collection[str]) -> Iterator[Check]:
    """Whether clauses of customers and insurers are entered as clocks of our own, and were looked at again in time."""
    mend = "`incident contracts import clauses.csv`"
    if not names:
        text = "No contract clause is entered: customers and insurers often want notice first."
        yield Check("contracts", Ready.LOOK, text, mend)
    elif late:
        yield Check("contracts", Ready.LOOK, f"Past their re-check: {_listed(sorted(late))}.", mend)
    else:
        yield Check("contracts", Ready.READY, f"{len(names)} contracts: {_listed(names)}.")


def copy_checks(newest: tuple[datetime, bool] | None, *, now: datetime) -> Iterator[Check]:
    """Whether there is a young copy of the vault that was tested; `newest` says when it was made and whether it was."""
    mend = "`incident backup --to FOLDER`, best on another disk"
    if newest is None:
        yield Check("backups", Ready.GAP, "No backup was ever made.", mend)
        return
    made_at, tested = newest
    days = (now - made_at).days
    if not tested:
        text = f"The newest backup, {days} days old, was never tested."
        yield Check("backups", Ready.GAP, text, "`incident backup check FOLDER`")
    elif now - made_at > COPY_STANDS:
        yield Check("backups", Ready.LOOK, f"The newest backup is {days} days old.", mend)
    else:
        yield Check("backups", Ready.READY, f"The newest backup is {days} days old and was tested.")


def exercise_checks(last_at: datetime | None, *, now: datetime) -> Iterator[Check]:
    """When the team last practised."""
    mend = '`incident declare "TITLE" --exercise`'
    if last_at is None:
        yield Check("exercises", Ready.GAP, "No exercise was ever held in this vault.", mend)
    elif now - last_at > EXERCISE_STANDS:
        yield Check("exercises", Ready.LOOK, f"The last exercise was {(now - last_at).days} days ago.", mend)
    else:
        yield Check("exercises", Ready.READY, f"The last exercise began on {last_at:%d %b %Y}.")


def reminder_checks(*, on: bool, channels: int) -> Iterator[Check]:
    """Whether this machine reminds while nobody has the screen open."""
    if not on:
        yield Check("reminders", Ready.GAP, "This machine reminds nobody while the vault is locked.", "`incident remind on`")
    elif not channels:
        text = "Reminders are printed only: a timer's output is read by nobody unless cron mails it."
        yield Check("reminders", Ready.LOOK, text, "`incident remind channel add ADDRESS`")
    else:
        yield Check("reminders", Ready.READY, f"Reminders are on, with {channels} channel{'' if channels == 1 else 's'}.")
