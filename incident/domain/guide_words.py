"""Why a step stands where it stands, in one sentence that a responder reads."""

from collections.abc import Callable

from incident.domain.guide import GuideStep, StepState
from incident.domain.wording import in_words


def why(each: GuideStep, question: Callable[[str], str]) -> str:
    """The reason of a step's state; `question` says what a fact asks. Empty where the state says it all."""
    if each.reopened:
        return f"on the list again, {each.reopened}"
    match each.state:
        case StepState.NOT_APPLICABLE:
            if each.closed:
                return f"does not apply: {each.closed}"
            return f"does not apply: {'; '.join(against(each)) or 'by the facts'}"
        case StepState.WAITING_FOR_FACT:
            return f"waits for an answer: {' '.join(question(key) for key in each.waits_for)}"
        case StepState.BLOCKED:
            return f"waits for: {', '.join(each.waits_for)}"
        case StepState.SKIPPED:
            return f"skipped: {each.record.note}" if each.record else "skipped"
        case StepState.DONE:
            return _decided(each)
    return "the time to decide is over; the default may be recorded" if each.default_proposed else ""


def against(each: GuideStep) -> tuple[str, ...]:
    """What speaks against a step that does not apply, each as a statement."""
    return tuple(dict.fromkeys(in_words(f"not {test.text}") for test in each.reasons if test.outcome is False))


def _decided(each: GuideStep) -> str:
    if each.record is None or not each.record.decision:
        return ""
    default = ", the default: nobody decided in time" if each.record.defaulted else ""
    dissent = f"; dissent: {each.record.dissent}" if each.record.dissent else ""
    return f"decided: {each.record.decision}{default}{dissent}"
