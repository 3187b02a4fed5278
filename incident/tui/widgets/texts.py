"""Frozen values as styled text: steps, clocks, the team. User text is substituted, never read as markup."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from incident.domain.docket import Fold, docket
from incident.domain.duty_clock import Clock, filing_words
from incident.domain.guide import GuideStep, StepState
from incident.domain.obligation import Obligation, ObligationState
from incident.domain.responder import RoleLine

STEP_SIGNS = {
    StepState.OPEN: "○",
    StepState.BLOCKED: "◌",
    StepState.WAITING_FOR_FACT: "?",
    StepState.DONE: "✔",
    StepState.SKIPPED: "–",
    StepState.NOT_APPLICABLE: "·",
}
_STEP_STYLES = {
    StepState.OPEN: "",
    StepState.BLOCKED: "$secondary",
    StepState.WAITING_FOR_FACT: "$secondary",
    StepState.DONE: "$success",
    StepState.SKIPPED: "$secondary",
    StepState.NOT_APPLICABLE: "$secondary",
}


def step_line(each: GuideStep, *, is_next: bool) -> Content:
    """A step in the guide: its sign, its title, `!` when overdue."""
    sign = "▶" if is_next else STEP_SIGNS[each.state]
    style = "bold $accent" if is_next else _STEP_STYLES[each.state]
    late = Content.styled(" !", "bold $error") if each.overdue else Content("")
    return Content.assemble(Content.styled(f"{sign} {each.step.title}", style), late)


def step_page(each: GuideStep, now: datetime, zone: str) -> Content:
    """A step to do: whose, by when, how, what to find out, keep, draft, decide, undo."""
    step = each.step
    parts: list[Content | tuple[str, str] | str] = [(step.title, "bold"), "\n", *_whose(each, now, zone)]
    if each.reopened:
        parts.append((f"\nagain: {each.reopened}", "bold $accent"))
    if each.waits_for:
        parts.append((f"\nwaits for: {', '.join(each.waits_for)}", "$accent"))
    if each.record is not None and each.record.note:
        parts.append((f"\nnoted: {each.record.note}", "$secondary"))
    parts.append(f"\n\n{reflow(step.guidance)}\n")
    for label, items in _asked(each):
        if items:
            parts += ["\n", (f"{label}: ", "bold"), "; ".join(items)]
    for label, text in (("To undo", step.undo), ("If nobody answers", step.if_silent)):
        if text:
            parts += ["\n", (f"{label}: ", "bold"), text]
    return Content.assemble(*parts)


def reflow(text: str) -> str:
    """Prose as paragraphs: the line ends of its file are not its own."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def _whose(each: GuideStep, now: datetime, zone: str) -> Iterable[tuple[str, str]]:
    holder = each.holder or "NOBODY"
    yield f"{each.step.owner.label}: {holder}", "bold $error" if not each.holder else "$secondary"
    if each.target_at is not None:
        span = remaining(each.target_at, now)
        yield f" · target {local(each.target_at, zone)}, {span}", "bold $error" if each.overdue else "$secondary"
    yield f" · {each.state.value.replace('_', ' ')}", "$secondary"


def _asked(each: GuideStep) -> Iterable[tuple[str, tuple[str, ...]]]:
    step = each.step
    decision = step.decision
    yield "Find out", tuple(key.replace("account.", "") for key in each.asks_unknown)
    yield "Decide", (f"{decision.question} {' / '.join(decision.options)}",) if decision else ()
    yield "Keep", step.evidence
    yield "Draft", step.drafts


def local(at: datetime, zone: str) -> str:
    """A clock time with its zone; the day too when it is not today's."""
    moment = at.astimezone(ZoneInfo(zone))
    return f"{moment:%d %b %H:%M} {zone.rsplit('/', 1)[-1].replace('_', ' ')}"


def remaining(at: datetime, now: datetime) -> str:
    """What is left: h:mm:ss below 48 hours, days above, `late` past it."""
    seconds = int((at - now).total_seconds())
    late, seconds = seconds < 0, abs(seconds)
    if seconds < 48 * 3600:
        text = f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    else:
        text = f"{seconds // 86400} d"
    return f"late {text}" if late else text


_STATE_WORDS = {
    ObligationState.UNDATED: "owed, no limit",
    ObligationState.NOT_STARTED: "not started",
    ObligationState.UNDECIDED: "undecided",
    ObligationState.NOT_REQUIRED: "not required",
    ObligationState.SATISFIED: "filed",
    ObligationState.DUE: "due",
}


def state_words(clock: Clock) -> str:
    """The state in words; of a filed one when it was filed, and how late or in time."""
    if clock.obligation.state is ObligationState.SATISFIED:
        return filing_words(clock.obligation, clock.filed_at)
    return _STATE_WORDS[clock.obligation.state]


def brief_state(obligation: Obligation) -> str:
    """The state in a word or two."""
    late = obligation.state is ObligationState.SATISFIED and obligation.late_by
    return "filed late" if late else _STATE_WORDS[obligation.state]


def clock_line(clock: Clock, now: datetime) -> Content:
    """One clock: what is left, whose it is, what it is."""
    each = clock.obligation
    at = each.earliest_at
    whose = f" for {clock.on_behalf_of}" if clock.on_behalf_of else ""
    match each.state:
        case ObligationState.SATISFIED:
            sign, style = ("✔ late" if each.late_by else "✔"), "$success"
        case ObligationState.UNDATED:
            sign, style = "—", ""
        case ObligationState.NOT_STARTED:
            sign, style = "◌", "$secondary"
        case _:
            late = at is not None and at < now
            near = at is not None and (at - now).total_seconds() < 86400
            sign = remaining(at, now) if at is not None else "?"
            sign = f"? {sign}" if each.state is ObligationState.UNDECIDED and at is not None else sign
            style = "bold $error" if late else "bold $accent" if near else "bold"
    return Content.assemble((f"{sign:>10} ", style), each.title, (whose, "$secondary"))


def clock_lines(clocks: Iterable[Clock], now: datetime) -> Content:
    """The clocks, the most pressing first; what waits for the same answer stands behind its question."""
    arranged = docket(clocks)
    rows = (*arranged.open, *arranged.filed)
    lines = [fold_line(row, now) if isinstance(row, Fold) else clock_line(row, now) for row in rows]
    return Content("\n").join(lines) if lines else Content("No duty is owed by what is known.")


def fold_line(fold: Fold, now: datetime) -> Content:
    """A question with the number of duties that wait for its answer."""
    at = fold.soonest_at
    left = f"? {remaining(at, now)}" if at is not None else "?"
    hang = f" {len(fold.clocks)} duties hang on it"
    return Content.assemble((f"{left:>10} ", "bold $accent"), fold.question, (hang, "$secondary"))


def team_line(team: Iterable[RoleLine]) -> Content:
    """The core roles that nobody holds first, because they are what must change; then who holds which role."""
    gaps = [each.role.label for each in team if each.holder is None and each.is_gap]
    parts = [Content.styled(f"nobody: {', '.join(gaps)}", "bold $error")] if gaps else []
    parts += [
        Content.assemble((each.holder.name, "bold $foreground"), f" {each.role.label}")
        for each in team
        if each.holder is not None
    ]
    return Content(" · ").join(parts)
