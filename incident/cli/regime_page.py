"""A body of law in readable words: each duty with when it is owed, from when, how long, to whom, what it must say."""

from collections.abc import Iterable

from incident.domain.condition import All, Condition, in_words
from incident.domain.regime import Duty, HoldPolicy, Regime, Relation, Start

_CONFIDENCE = {"high": "read in the text of the law", "medium": "from secondary sources", "low": "UNVERIFIED"}
_RELATIONS = {
    Relation.FILED: "the first sending of {}",
    Relation.FILED_LAST: "the latest sending of {}",
    Relation.WITH: "together with {}",
    Relation.BEFORE: "before {}",
}


def print_regime(regime: Regime) -> None:
    """The whole regime as a page."""
    print(f"{regime.title} ({regime.slug}), {regime.citation}\n{regime.source}")
    firm = _CONFIDENCE[regime.confidence]
    print(f"checked {regime.checked_on}, to be checked again by {regime.recheck_by}; {firm} unless a duty says otherwise")
    for duty in regime.duties:
        print()
        for line in duty_lines(duty):
            print(line)
    for kept in regime.retention:
        print(f"\nKeep {kept.what}: {kept.period} from {kept.starts} ({kept.citation}). Information, not a due date.")
    for note in regime.notes:
        print(f"\n{note}")


def duty_lines(duty: Duty) -> Iterable[str]:
    """One duty in words."""
    version = f" [{duty.variant}]" if duty.variant else ""
    yield f"{duty.title}{version}"
    yield f"    {duty.id} · {duty.citation} · {_CONFIDENCE[duty.confidence]}{_in_force(duty)}"
    yield f"    to        {duty.recipient}{_once_per(duty)}"
    yield f"    within    {_period(duty)}, from {start_words(duty.start)}"
    for number, text in enumerate(_sentences(duty.when)):
        yield f"    {'owed when ' if number == 0 else '      and '}{text}"
    yield from _exceptions(duty)
    for relation, other in duty.order:
        yield f"    order     {relation.replace('_', ' ')} {other}"
    for each in duty.content:
        yield f"    says      {each.text} ({each.citation}){', may follow' if each.may_follow else ''}"
    for each in duty.forbidden:
        yield f"    leave out {each.text} ({each.citation})"
    if duty.note:
        yield f"    {duty.note}"


def _exceptions(duty: Duty) -> Iterable[str]:
    """What makes this version apply, what must pass first, what makes it wait."""
    if duty.variant_when is not None:
        yield f"    version   if {in_words(duty.variant_when)}"
    if duty.not_before is not None:
        yield f"    not before {duty.not_before.period} after {start_words(duty.not_before.start)}"
    if duty.hold.policy is not HoldPolicy.NONE:
        after = f"then {duty.hold.after}" if duty.hold.after else "the later of the limit and its end"
        yield f"    hold      {' or '.join(duty.hold.kinds).replace('_', ' ')}: {after}"


def start_words(start: Start) -> str:
    """From when a clock runs, in words."""
    if start.relation is not None:
        return _RELATIONS[start.relation].format(start.of)
    if start.hold_end:
        return "the end of the hold"
    events = [*(f"at.{event}" for event in start.events), *(["imputed knowledge"] if start.knowledge else [])]
    if not events:
        return "no event"
    if len(events) == 1:
        return events[0]
    return f"the {'latest' if start.latest else 'earliest'} of {', '.join(events)}"


def _period(duty: Duty) -> str:
    if duty.follows:
        return "the other notice's date"
    text = str(duty.period).replace("_", " ") if duty.period is not None else "no number in the law"
    if duty.cap is not None:
        text += f", at most {duty.cap.period} from {start_words(duty.cap.start)}"
    calendar = (
        f" (calendar {duty.calendar})" if duty.calendar and duty.period and duty.period.unit.value == "business_days" else ""
    )
    return text + calendar


def _in_force(duty: Duty) -> str:
    begun = f" from {duty.effective_from}" if duty.effective_from else ""
    ended = f" until {duty.effective_until}" if duty.effective_until else ""
    status = "" if duty.status.value == "in_force" else f" · {duty.status.value.upper()}"
    return f"{status}{' · law' if begun or ended else ''}{begun}{ended}"


def _once_per(duty: Duty) -> str:
    return "" if duty.places.value == "none" else f", once per {duty.places.value.replace('_', ' ')}"


def _sentences(condition: Condition | None) -> Iterable[str]:
    """The sentences that must all hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _sentences(part)
    elif condition is not None:
        yield in_words(condition)
