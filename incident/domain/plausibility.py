"""What looks odd in what was recorded: said as a question, never refused, because odd things happen."""

from collections.abc import Mapping
from datetime import date, datetime

from incident.domain.counting import instant

_IN_ORDER = (
    ("at.occurred", "at.detected", "it was noticed before it happened"),
    ("at.occurred", "at.aware", "you were aware of it before it happened"),
    ("at.occurred", "at.occurred_until", "it ended before it began"),
    ("at.detected", "at.aware", "you were aware that personal data are affected before anything was noticed"),
    ("at.aware", "at.contained", "it was contained before you were aware of it"),
    ("at.contained", "at.handled", "it was over before it was contained"),
)


def oddities(values: Mapping[str, object], zone: str) -> tuple[str, ...]:
    """A sentence for each pair of events that stand in the wrong order; days are compared as days."""
    found = []
    for earlier, later, sentence in _IN_ORDER:
        one, other = values.get(earlier), values.get(later)
        if isinstance(one, date) and isinstance(other, date) and _after(one, other, zone):
            found.append(f"{earlier} is later than {later}: by that, {sentence}. Is that so?")
    return tuple(found)


def _after(one: date, other: date, zone: str) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    return instant(one, zone).date() > instant(other, zone).date()
