"""A body of law in readable words: each duty with when it is owed, from when, how long, to whom, what it must say."""

from collections.abc import Iterable

from incident.cli.output import say
from incident.domain.condition import Condition, Some, conjuncts, in_words
from incident.domain.counting import Unit
from incident.domain.duty_words import hold_words, length, limit_words, start_words
from incident.domain.place_names import place_name
from incident.domain.regime import Duty, HoldPolicy, PlaceRule, Regime
from incident.domain.wording import order_words, reading_words

_CONFIDENCE = {"high": "read in the text of the law", "medium": "from secondary sources", "low": "UNVERIFIED"}
_PER_PLACE = {
    PlaceRule.NONE: "",
    PlaceRule.STATE: ", once for every State where affected people live",
    PlaceRule.LEAD_AUTHORITY: ", the lead authority, or once for every state where affected people live",
    PlaceRule.MEMBER_STATE: ", once for every member state concerned",
    PlaceRule.DOMICILE: ", once for every State in which the organisation is established",
}
_KEY = 14

Line = tuple[str, str]
"""A label and its text; a text without a label stands below the one before."""


def print_regime(regime: Regime) -> None:
    """The whole regime as a page within the terminal's width."""
    say(f"{regime.title} ({regime.slug}), {regime.citation}, {place_name(regime.place).removeprefix('the ')}")
    say(regime.source)
    firm = _CONFIDENCE[regime.confidence]
    say(f"checked {regime.checked_on}, to be checked again by {regime.recheck_by}; {firm} unless a duty says otherwise")
    for duty in regime.duties:
        print()
        version = f" [{duty.variant}]" if duty.variant else ""
        say(f"{duty.title}{version}")
        for label, text in duty_lines(duty):
            say(text, first=f"    {label:<{_KEY - 4}}" if label else " " * 4, then=" " * (_KEY if label else 4))
    for kept in regime.retention:
        print()
        say(f"Keep {kept.what}: {kept.period} from {kept.starts} ({kept.citation}). Information, not a due date.", then="    ")
    for note in regime.notes:
        print()
        say(note, then="    ")


def duty_lines(duty: Duty) -> Iterable[Line]:
    """One duty in words, each line with its label."""
    yield "", f"{duty.id} · {duty.citation} · {_CONFIDENCE[duty.confidence]}{_in_force(duty)}"
    yield "to", f"{duty.recipient}{_PER_PLACE[duty.places]}"
    yield "within", f"{_period(duty)}, from {start_words(duty.start)}"
    yield from _owed_when(duty.when)
    yield from _exceptions(duty)
    for relation, other in duty.order:
        yield "order", order_words(relation, other)
    for name in duty.readings:
        yield "also read", reading_words(name)
    for each in duty.content:
        yield "says", f"{each.text} ({each.citation}){', may follow' if each.may_follow else ''}"
    for each in duty.forbidden:
        yield "leave out", f"{each.text} ({each.citation})"
    if duty.note:
        yield "", duty.note


def _owed_when(condition: Condition | None) -> Iterable[Line]:
    """The statements that must all hold; alternatives stand below a line of their own."""
    for number, part in enumerate(conjuncts(condition)):
        label = "owed when" if number == 0 else "and"
        if isinstance(part, Some):
            yield label, "one of these:"
            for alternative in part.parts:
                yield "  or", in_words(alternative)
        else:
            yield label, in_words(part)


def _exceptions(duty: Duty) -> Iterable[Line]:
    """What makes this version apply, what must pass first, what makes it wait."""
    if duty.variant_when is not None:
        yield "version", f"if {in_words(duty.variant_when)}"
    if duty.not_before is not None:
        yield "wait", f"not before {length(duty.not_before.period)} after {start_words(duty.not_before.start)}"
    if duty.hold.policy is not HoldPolicy.NONE:
        yield "hold", hold_words(duty.hold)


def _period(duty: Duty) -> str:
    if duty.follows:
        return "the other notice's date"
    text = length(duty.period) if duty.period is not None else "no number in the law"
    if duty.cap is not None:
        text += f", at most {limit_words(duty.cap)}"
    counted = duty.calendar and duty.period is not None and duty.period.unit is Unit.BUSINESS_DAYS
    return text + (f" ({_calendar(duty.calendar)})" if counted else "")


def _calendar(name: str) -> str:
    own = {"@place": "by the calendar of the place", "@home": "by the calendar of the establishment", "weekdays": "weekdays"}
    named = place_name(name)
    return own.get(name) or f"by the calendar {'of ' if named != name else ''}{named}"


def _in_force(duty: Duty) -> str:
    begun = f" from {duty.effective_from}" if duty.effective_from else ""
    ended = f" until {duty.effective_until}" if duty.effective_until else ""
    status = "" if duty.status.value == "in_force" else f" · {duty.status.value.upper()}"
    return f"{status}{' · law' if begun or ended else ''}{begun}{ended}"
