"""The bench: facts and law side by side, duty by duty; what was judged once serves every chain that asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from incident.domain.condition import Condition, Memo, Outcome, Tested, both, evaluate, in_words
from incident.domain.counting import Calendars, local_day
from incident.domain.facts import Facts
from incident.domain.jurisdiction import Venue, venues
from incident.domain.obligation import NO_LAW, ContentElement, MissingFact, Obligation, ObligationState, Reading
from incident.domain.place_names import place_name
from incident.domain.reckoning import Anchor, Ground, Reckoning, reckon, root_of
from incident.domain.regime import Duty, LawStatus, Regime

_NOT_COUNTED = Reckoning()
"""What is not required is not counted."""
_FARTHEST_ZONES = ("Pacific/Kiritimati", "Etc/GMT+12")
"""Where a day begins first and ends last: while nobody has said where days are counted, either may be the day."""
_NOTHING_TO_TEST = Outcome(value=True, tested=(), missing=())


@dataclass(slots=True)
class Judged:
    """One version of a duty at one venue; its dates are reckoned when somebody asks for them."""

    duty: Duty
    outcome: Outcome
    ground: Callable[..., Ground]
    held: Reckoning | None = None
    perhaps: tuple["Judged", ...] = ()
    """Variants of which nobody can say yet whether they apply instead."""

    @property
    def reckoning(self) -> Reckoning:
        """The duty's dates."""
        if self.held is None:
            self.held = reckon(self.duty, self.ground())
        return self.held


@dataclass(slots=True)
class Bench:
    """The facts, the law and what has been judged so far; chains look each other up here."""

    facts: Facts
    regimes: dict[str, Regime]
    now: datetime
    calendars: Calendars
    question: Callable[[str], str]
    judged: dict[tuple[str, str], Judged | None] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict)
    zone: str = field(init=False)
    """Where days are counted while the organisation has not said: UTC."""

    def __post_init__(self) -> None:
        """Ask for the zone once."""
        self.zone = self.facts.zone or "UTC"

    def obligations(self, regime: Regime, slug: str) -> list[Obligation]:
        """Every obligation of one duty, one per place where it falls due."""
        versions = [each for each in regime.versions[slug] if each.status is not LawStatus.PROPOSED]
        if not versions:
            return [self.no_law(regime.versions[slug][0], Venue())]
        found = []
        places = venues(versions[0], self.facts)
        for venue in places:
            judged = self.judge(f"{regime.slug}/{slug}", venue)
            if judged is None:
                found.append(self.no_law(versions[0], venue))
            else:
                found.append(self.obligation(judged, venue, alone=len(places) == 1))
        return found

    def no_law(self, duty: Duty, venue: Venue) -> Obligation:
        """The duty as it stands on a day on which it was not law, or not yet, or is only proposed: nobody need be told."""
        tested = Tested(NO_LAW, _days_of_law(duty), outcome=False)
        outcome = Outcome(value=False, tested=(tested,), missing=(), because=tested)
        return self.obligation(Judged(duty, outcome, self.ground, _NOT_COUNTED), venue)

    def judge(self, duty_id: str, venue: Venue) -> Judged | None:
        """The version of the law that governs this duty here, tested and reckoned; None when none was in force."""
        known = (duty_id, venue.place or venue.pretend)
        if known not in self.judged:
            self.judged[known] = None
            self.judged[known] = self._judge(duty_id, venue)
        return self.judged[known]

    def _judge(self, duty_id: str, venue: Venue) -> Judged | None:
        slug, _, name = duty_id.partition("/")
        regime = self.regimes.get(slug)
        plain: Judged | None = None
        perhaps: list[Judged] = []
        for duty in regime.versions.get(name, ()) if regime is not None else ():
            if duty.status is LawStatus.PROPOSED or regime is None:
                continue
            judged = Judged(duty, self.test(duty, venue), partial(self.ground, regime, venue))
            if not self.in_force(judged):
                continue
            if duty.law_day and self.facts.moment(duty.law_day) is None:
                judged.outcome = both(judged.outcome, _unknown_day(duty))
            if duty.variant_when is None:
                plain = plain or judged
                continue
            chosen = self.evaluate(duty.variant_when, venue.place or None)
            if chosen.value is True:
                return judged
            if chosen.value is None and judged.outcome.value is not False:
                perhaps.append(Judged(duty, both(chosen, judged.outcome), judged.ground, judged.held))
        return _with_variants(plain, perhaps)

    def in_force(self, judged: Judged) -> bool:
        """The law of the local day of the root event; of today while that has not happened."""
        duty = judged.duty
        if duty.effective_from is None and duty.effective_until is None:
            return True
        root = self.facts.moment(duty.law_day) if duty.law_day else root_of(duty, judged.ground())
        at = root if root is not None else self.now
        zones = (duty.zone or self.zone,) if duty.zone or self.facts.zone else ("UTC", *_FARTHEST_ZONES)
        return any(_is_law(duty, local_day(at, zone)) for zone in zones)

    def test(self, duty: Duty, venue: Venue) -> Outcome:
        """The conditions of a duty at a venue."""
        if duty.when is None:
            return _NOTHING_TO_TEST
        return self.evaluate(duty.when, venue.place or venue.pretend or None)

    def evaluate(self, condition: Condition, place: str | None = None) -> Outcome:
        """The outcome of a condition by these facts, found once."""
        return evaluate(condition, self.facts, place=place, memo=self.memo)

    def ground(self, regime: Regime, venue: Venue) -> Ground:
        """What a duty of this regime is reckoned from."""

        def anchor(obligation: str) -> Anchor | None:
            judged = self.judge(obligation, venue)
            if judged is None:
                return None
            sent = self.facts.filed(f"{obligation}@{venue.place}") if venue.place else ()
            sent = sent or self.facts.filed(obligation)
            first, last = (sent[0].at, sent[-1].at) if sent else (None, None)
            return Anchor(judged.reckoning, first, last)

        return Ground(self.facts, self.calendars, self.zone, venue.place, regime.imputed, anchor, self.memo)

    def obligation(self, judged: Judged, venue: Venue, *, alone: bool = True) -> Obligation:
        """The obligation that a judged duty is at this venue; a filing that names no place counts where there is one."""
        duty = judged.duty
        obligation_id = f"{duty.id}@{venue.place}" if venue.place else duty.id
        sent = self.facts.filed(obligation_id) or (self.facts.filed(duty.id) if alone else ())
        state = self.state(judged, venue, filed=bool(sent))
        reckoning = judged.reckoning if state is not ObligationState.NOT_REQUIRED else _NOT_COUNTED
        dated = state in (ObligationState.DUE, ObligationState.UNDECIDED, ObligationState.SATISFIED)
        due = reckoning.due_at if dated else None
        remarks = self.remarks(venue)
        late_by = max(0, int((sent[0].at - due).total_seconds())) if sent and due is not None else None
        return Obligation(
            id=obligation_id,
            state=state,
            title=f"{duty.title} ({place_name(venue.place)})" if venue.place else duty.title,
            recipient=duty.recipient,
            zone=duty.zone or self.zone,
            citation=duty.citation,
            source=duty.source,
            confidence=duty.confidence,
            checked_on=duty.checked_on,
            due_at=due,
            unit=duty.period.unit.value if duty.period is not None else "",
            period=duty.period,
            start=reckoning.start,
            not_before_at=reckoning.not_before_at,
            projected_at=reckoning.projected_at if state is ObligationState.NOT_STARTED else None,
            order=duty.order,
            hold=reckoning.hold if dated or state is ObligationState.UNDATED else None,
            readings=reckoning.readings + _variant_readings(judged, due) if dated else (),
            late_by=late_by,
            missing=self.missing(judged, venue, state),
            why=judged.outcome.tested + remarks,
            because=_settled(judged, venue, remarks) if state is ObligationState.NOT_REQUIRED else None,
            content=self.content(judged, late=_is_late(due, late_by, self.now)) if judged.duty.content else (),
            forbidden=tuple((each.id, each.text, each.citation) for each in duty.forbidden) if duty.forbidden else (),
            notice_templates=duty.notice_templates,
            effective_from=duty.effective_from,
            effective_until=duty.effective_until,
            note=duty.note,
        )

    def state(self, judged: Judged, venue: Venue, *, filed: bool) -> ObligationState:
        """Where the obligation stands: a pure function of facts and now."""
        if venue.nowhere or judged.outcome.value is False:
            return ObligationState.NOT_REQUIRED
        if filed:
            return ObligationState.SATISFIED
        if judged.outcome.value is None or venue.missing:
            return ObligationState.UNDECIDED
        reckoning = judged.reckoning
        if reckoning.due_at is not None:
            return ObligationState.DUE
        duty = judged.duty
        hangs_on_event = not duty.start.is_none and not duty.always_owed
        if duty.period is None:
            started = reckoning.start is not None
            return ObligationState.NOT_STARTED if hangs_on_event and not started else ObligationState.UNDATED
        return ObligationState.NOT_STARTED

    def missing(self, judged: Judged, venue: Venue, state: ObligationState) -> tuple[MissingFact, ...]:
        """The facts that would decide it, or start it."""
        if state not in (ObligationState.UNDECIDED, ObligationState.NOT_STARTED):
            return ()
        keys: tuple[str, ...] = ()
        if state is ObligationState.UNDECIDED:
            started = judged.reckoning.start is not None or judged.duty.start.is_none
            keys = (*judged.outcome.missing, *venue.missing, *(() if started else judged.reckoning.missing))
        elif state is ObligationState.NOT_STARTED:
            keys = judged.reckoning.missing
        return tuple(MissingFact(key, self.question(key)) for key in dict.fromkeys(keys))

    def remarks(self, venue: Venue) -> tuple[Tested, ...]:
        """What else a reader must know: nowhere to fall due, or no zone to count days in."""
        if not venue.nowhere and self.facts.zone is not None:
            return ()
        found = []
        if venue.nowhere:
            found.append(Tested("there is a place where it falls due", venue.nowhere, outcome=False))
        if self.facts.zone is None:
            found.append(Tested("organisation.timezone is known", "unknown: days counted in UTC", outcome=None))
        return tuple(found)

    def content(self, judged: Judged, *, late: bool) -> tuple[ContentElement, ...]:
        """The elements the notice must contain, each judged by the facts alone."""
        found = []
        for each in judged.duty.content:
            if each.when_late and not late:
                continue
            if each.when is not None and self.evaluate(each.when).value is False:
                continue
            have = bool(each.facts) and all(self.facts.known(key) for key in each.facts)
            state = "have" if have else "may_follow" if each.may_follow else "missing"
            found.append(ContentElement(each.id, each.text, each.citation, state, each.facts, each.may_follow))
        return tuple(found)


def _settled(judged: Judged, venue: Venue, remarks: tuple[Tested, ...]) -> Tested | None:
    return remarks[0] if venue.nowhere else judged.outcome.because


def _days_of_law(duty: Duty) -> str:
    if duty.status is LawStatus.PROPOSED:
        return "only proposed, not law"
    spans = [f"from {duty.effective_from:%d %B %Y}"] if duty.effective_from else []
    spans += [f"until {duty.effective_until:%d %B %Y}"] if duty.effective_until else []
    return f"law {' '.join(spans)}, not on that day" if spans else "not law on that day"


def _unknown_day(duty: Duty) -> Outcome:
    """While the day that chooses the law is not known, nobody can say whether this version is the law."""
    tested = Tested(f"the day of at.{duty.law_day} is one on which this was law", "unknown", None)
    return Outcome(None, (tested,), (f"at.{duty.law_day}",))


def _is_law(duty: Duty, day: date) -> bool:
    """Whether this version was law on a day."""
    begun = duty.effective_from is None or duty.effective_from <= day
    return begun and (duty.effective_until is None or day <= duty.effective_until)


def _with_variants(plain: Judged | None, perhaps: list[Judged]) -> Judged | None:
    """The plain rule beside the variants that may apply instead; one of them, undecided, where the plain rule asks nothing."""
    if plain is not None and plain.outcome.value is not False:
        plain.perhaps = tuple(perhaps)
        return plain
    return perhaps[0] if perhaps else plain


def _variant_readings(judged: Judged, due: datetime | None) -> tuple[Reading, ...]:
    """The dates that a variant would give if it turned out to apply: warned by, though not the rule by what is known."""
    found = []
    for each in judged.perhaps:
        other = each.reckoning.due_at
        if other is not None and other != due and each.duty.variant_when is not None:
            why = f"{each.duty.citation}, if {in_words(each.duty.variant_when)}: not known yet"
            found.append(Reading(f"if {each.duty.variant}", other, why))
    return tuple(found)


def _is_late(due: datetime | None, late_by: int | None, now: datetime) -> bool:
    """Late at the first filing, or past the limit and not filed."""
    if due is None:
        return False
    return late_by > 0 if late_by is not None else now > due
