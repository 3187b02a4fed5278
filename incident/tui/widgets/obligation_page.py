"""One obligation in full: dates, why, content, counting, what would change it; and the duties behind a question."""

from collections.abc import Iterable
from datetime import UTC, datetime

from textual.content import Content

from incident.domain.docket import Fold
from incident.domain.explanation import Explanation
from incident.domain.obligation import Obligation
from incident.tui.widgets.texts import local, remaining, state_words

CONFIDENCE = {"high": "text read", "medium": "from secondary sources", "low": "UNVERIFIED"}
"""How firm a rule is, in words."""

Part = Content | tuple[str, str] | str


def obligation_page(each: Obligation, whose: str, now: datetime, *, authorities: Iterable[str] = ()) -> Content:
    """Everything about one clock: dates, why, what is missing, readings, source."""
    checked = f"checked {each.checked_on} · {CONFIDENCE[each.confidence]}"
    return Content.assemble(
        (each.title + (f" — for {whose}" if whose else ""), "bold"),
        "\n",
        (f"{state_words(each)} · {each.recipient}\n", "$secondary"),
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
            yield f"{local(at, each.zone)} ({at.astimezone(UTC):%H:%M} UTC), {remaining(at, now)}\n"
    for reading in each.readings:
        yield "Other reading: ", "bold"
        yield f"{local(reading.due_at, each.zone)} — {reading.name}: {reading.source}\n"
    if each.hold is not None:
        until = local(each.hold.until_at, each.zone) if each.hold.until_at else "open"
        yield "Held ", "bold"
        without = f"; without the hold {local(each.hold.base_due_at, each.zone)}" if each.hold.base_due_at else ""
        yield f"until {until}{without}\n"
    if each.start is not None:
        yield "Counted from: ", "bold"
        yield f"{each.start.event} {each.start.at}\n"
    if each.late_by:
        yield "Late at the first filing by ", "bold $error"
        yield f"{each.late_by // 60} min\n"


def _reasons(each: Obligation) -> Iterable[Part]:
    for missing in each.missing:
        yield "Missing: ", "bold $accent"
        yield f"{missing.question} [{missing.fact}]\n"
    if each.why:
        yield "Why\n", "bold"
    for test in each.why:
        sign = {True: "✔", False: "✘", None: "?"}[test.outcome]
        yield f"  {sign} {test.text}: {test.value}\n"
    for element in each.content:
        sign = {"have": "✔", "missing": "✘", "may_follow": "…"}[element.state]
        yield f"  {sign} {element.text} ({element.citation})\n"
    for _, text, citation in each.forbidden:
        yield "  Must leave out: ", "bold $error"
        yield f"{text} ({citation})\n"
    for relation, other in each.order:
        yield "Order: ", "bold"
        yield f"{relation.replace('_', ' ')} {other}\n"


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
    listed = [f"  {each.obligation.title} [{each.obligation.id}]\n" for each in fold.clocks]
    return Content.assemble(
        (f"{fold.question}\n", "bold"), (f"{fold.fact} · Enter lists these as rows\n", "$secondary"), *listed
    )
