"""What follows from a set of facts: every duty of every regime, with its state, date and reasons.

One pure function; the command `assess`, the screen, notices and reminders call it, so they cannot disagree.
A missing fact never suppresses an obligation: it stays undecided, with the question that would decide it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from incident.domain.bench import Bench
from incident.domain.counting import Calendars
from incident.domain.facts import Facts
from incident.domain.obligation import Assessment, Unevaluated
from incident.domain.regime import Regime


def assess(
    facts: Facts,
    regimes: Sequence[Regime],
    *,
    now: datetime,
    calendars: Calendars,
    question: Callable[[str], str] = str,
    unevaluated: Iterable[Unevaluated] = (),
) -> Assessment:
    """Judge every duty of every regime; `question` turns a fact's key into the question that asks for it."""
    bench = Bench(facts, {each.slug: each for each in regimes}, now, calendars, question)
    found = [obligation for regime in regimes for slug in regime.versions for obligation in bench.obligations(regime, slug)]
    return Assessment(
        assessed_at=now.astimezone(UTC),
        law_as_of=max((each.checked_on for each in regimes), default=now.date()),
        evaluated=tuple(each.slug for each in regimes),
        obligations=tuple(found),
        unevaluated=tuple(unevaluated),
        overdue_recheck=tuple(each.slug for each in regimes if each.recheck_by < now.date()),
    )
