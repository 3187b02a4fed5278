"""The parts of a duty in words: how long, from when, what a hold does, what the notice says."""

from collections.abc import Iterable

from incident.domain.counting import Period, Unit
from incident.domain.regime import Element, HoldPolicy, HoldRule, Limit, Relation, Start
from incident.domain.wording import duty_title, event_words, order_words, reading_words

_RELATIONS = {
    Relation.FILED: "the first filing of «{}»",
    Relation.FILED_LAST: "the latest filing of «{}»",
    Relation.WITH: "together with «{}»",
    Relation.BEFORE: "before «{}»",
}


def length(period: Period) -> str:
    """A period in words."""
    if period.unit is Unit.YEAR_END:
        return f"{period.amount} days after the year's end"
    text = str(period).replace("_", " ")
    return text.removesuffix("s") if period.amount == 1 else text


def start_words(start: Start) -> str:
    """From when a clock runs, in words."""
    if start.relation is not None:
        return _RELATIONS[start.relation].format(duty_title(start.of))
    if start.hold_end:
        return "the end of the hold"
    known = ["somebody knew whose knowledge counts as yours"] if start.knowledge else []
    events = [*(event_words(event) for event in start.events), *known]
    if not events:
        return "no event"
    if len(events) == 1:
        return f"the moment {events[0]}"
    return f"the {'latest' if start.latest else 'earliest'} of: when {'; when '.join(events)}"


def hold_words(rule: HoldRule) -> str:
    """What a hold does; empty where none is heeded."""
    if rule.policy is HoldPolicy.NONE:
        return ""
    after = f"then {length(rule.after)}" if rule.after else "the later of the limit and its end"
    return f"{' or '.join(rule.kinds).replace('_', ' ')}: {after}"


def limit_words(limit: Limit) -> str:
    """A second limit, or an embargo."""
    return f"{length(limit.period)} from {start_words(limit.start)}"


def value_words(key: str, value: object) -> tuple[str, ...]:
    """What stands under a key of a duty, each part in words; nothing where the key is not used."""
    if value is None or value == "" or value is False:
        return ()
    if isinstance(value, tuple):
        return tuple(_parts(key, value))
    said = _said(value)
    if said is None:
        said = str(value).replace("_", " ") if key in ("places", "status") else str(value)
    return (said,) if said else ()


def _said(value: object) -> str | None:
    match value:
        case Period():
            return length(value)
        case Start():
            return start_words(value)
        case Limit():
            return limit_words(value)
        case HoldRule():
            return hold_words(value)
        case True:
            return "yes"
    return None


def _parts(key: str, values: tuple[object, ...]) -> Iterable[str]:
    for each in values:
        match each:
            case Element():
                yield f"{each.text} ({each.citation}){', may follow' if each.may_follow else ''}"
            case (str(relation), str(to)):
                yield order_words(relation, to)
            case str():
                yield reading_words(each) if key == "readings" else each
