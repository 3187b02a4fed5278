"""One obligation in full: dates, why, content, counting, what would change it; and the duties behind a question."""

from collections.abc import Iterable
from datetime import UTC, datetime

from textual.content import Content

from incident.domain.docket import Fold
from incident.domain.duty_clock import Clock
from incident.domain.explanation import Explanation
from incident.domain.obligation import Obligation, ObligationState
from incident.domain.reasoning import ReasonLine, missing_words, outline
from incident.domain.wording import duty_title, event_start, order_words, reading_words
from incident.tui.widgets.texts import local, remaining, state_words

CONFIDENCE = {"high": "text read", "medium": "from secondary sources", "low": "UNVERIFIED"}
"""How firm a rule is, in words."""

Part = Content | tuple[str, str] | str


def obligation_page(clock: Clock, now: datetime, *, authorities: Iterable[str] = ()) -> Content:
    """Everything about one clock: dates, why, what is missing, readings, source."""
    each, whose = clock.obligation, clock.on_behalf_of
    checked = f"checked {each.checked_on} · {CONFIDENCE[each.confidence]}"
    return Content.assemble(
        (each.title + (f" — for {whose}" if whose else ""), "bold"),
        "\n",
        (f"{state_words(clock)} · {each.recipient}\n", "$secondary"),
        *((f"{line}\n", "$secondary") for line in authorities),
        *_dates(each, now),
        *_reasons(each),
        f"{each.note}\n" if each.note else "",
        (f"{each.id} · {each.citation} · {checked}\n", "$secondary"),
        (f"{each.source}\n", "$secondary"),
    )


def _dates(each: Obligation, now: datetime) -> Iterable[Part]:
    for label, at in (("Due", each.due_at), ("Projected", each.projected_at), ("Not before", each.not_before_at)):
        if at is not None:
            yield f"{label}: ", "bold"
            runs = each.state not in (ObligationState.SATISFIED, ObligationState.NOT_REQUIRED)
            yield f"{local(at, each.zone)} ({at.astimezone(UTC):%H:%M} UTC){f', {remaining(at, now)}' if runs else ''}\n"
    for reading in each.readings:
        yield "Other reading: ", "bold"
        yield f"{local(reading.due_at, each.zone)} — {reading_words(reading.name)}: {reading.source}\n"
    if each.hold is not None:
        until = f"until {local(each.hold.until_at, each.zone)}" if each.hold.until_at else "no end stated"
        yield "Held, ", "bold"
        without = f"; without the hold {local(each.hold.base_due_at, each.zone)}" if each.hold.base_due_at else ""
        yield f"{until}{without}\n"
    if each.start is not None:
        begun = each.start.at
        yield "Counted from ", "bold"
        day = local(begun, each.zone) if isinstance(begun, datetime) else f"{begun:%d %b %Y}"
        yield f"{event_start(each.start.event)}: {day}\n"


def _reasons(each: Obligation) -> Iterable[Part]:
    for missing in each.missing:
        yield "Missing: ", "bold $accent"
        yield f"{missing_words(missing, each)}\n"
    if each.why:
        yield "Why: all of these must hold\n", "bold"
    for line in outline(each.why, each.because):
        yield from _reason(line)
    if each.content:
        yield "The notice must say\n", "bold"
    for element in each.content:
        sign = {"have": "✔", "missing": "✘", "may_follow": "…"}[element.state]
        yield f"  {sign} {element.text} ({element.citation})\n"
    for _, text, citation in each.forbidden:
        yield "  Must leave out: ", "bold $error"
        yield f"{text} ({citation})\n"
    for relation, other in each.order:
        yield "Order: ", "bold"
        yield f"{order_words(relation, other)}\n"


def _reason(line: ReasonLine) -> Iterable[Part]:
    """A line of the argument: its sign, the statement, what was found, whether this settled it."""
    sign = "–" if line.idle and line.outcome is not False else {True: "✔", False: "✘", None: "?"}[line.outcome]
    found = f" ({line.value})" if line.value else ""
    text = f"  {'    ' * line.depth}{sign} {line.text}{found}{':' if line.heading else ''}"
    yield (text, "$secondary") if line.idle else text
    yield (" ← this settles it\n", "bold") if line.settles else "\n"


def explanation_part(found: Explanation | None) -> Content:
    """The counting step by step, and what would change the outcome."""
    if found is None:
        return Content("")
    parts: list[Part] = [("Counted\n", "bold")]
    parts += [f"  {line}\n" for line in found.counting]
    if found.changes:
        parts.append(("What would change it\n", "bold"))
        parts += [f"  {change.text}\n" for change in found.changes]
    return Content.assemble(*parts)


def fold_page(fold: Fold) -> Content:
    """The duties that wait for one answer."""
    listed = [f"  {duty_title(each.obligation.id)}\n" for each in fold.clocks]
    return Content.assemble((f"{fold.question}\n", "bold"), ("Enter lists these as rows\n", "$secondary"), *listed)
