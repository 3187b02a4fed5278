"""Which steps of the guide are in sight: all that apply, mine, those that wait, those left out; and those with some words."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from incident.domain.guide import Guide, GuideStep, StepState
from incident.domain.playbook_search import search
from incident.tui.widgets.step_words import is_open_or_waits


class View(StrEnum):
    """What the guide lists; one key goes from one to the next."""

    ALL = "all"
    MINE = "mine"
    BLOCKED = "waiting"
    LEFT_OUT = "not applicable"

    @property
    def after(self) -> "View":
        """The next one."""
        views = list(View)
        return views[(views.index(self) + 1) % len(views)]

    @property
    def empty(self) -> str:
        """What to say when it lists nothing."""
        return {
            View.ALL: "This playbook has no step.",
            View.MINE: "Nothing is open for you here.",
            View.BLOCKED: "Nothing waits.",
            View.LEFT_OUT: "Every step applies.",
        }[self]


@dataclass(frozen=True, slots=True)
class Me:
    """Who looks."""

    id: UUID
    name: str
    commands: bool
    """Whether they hold the commander's role, who sees to what nobody has."""

    def has(self, each: GuideStep) -> bool:
        """Whether a step that is not finished is this person's to do or to decide."""
        if not is_open_or_waits(each):
            return False
        owner = each.owner
        if self.id in (owner.holder, owner.stand_in) or (self.commands and owner.holder is None):
            return True
        return each.step.decision is not None and each.decider == self.name


def in_view(found: Guide, view: View, words: str, me: Me) -> tuple[GuideStep, ...]:
    """The steps in sight, in the playbook's order."""
    wanted = {each.step for each in search((found.playbook,), words)} if words.strip() else None
    return tuple(each for each in found.steps if _shows(view, each, me) and (wanted is None or each.step.slug in wanted))


def _shows(view: View, each: GuideStep, me: Me) -> bool:
    match view:
        case View.ALL:
            return each.state is not StepState.NOT_APPLICABLE
        case View.MINE:
            return me.has(each)
        case View.BLOCKED:
            return each.state in (StepState.BLOCKED, StepState.WAITING_FOR_FACT)
        case View.LEFT_OUT:
            return each.state is StepState.NOT_APPLICABLE
