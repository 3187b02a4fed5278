"""The tests of an obligation as an argument: what must all hold, where one of several is enough, and what settled it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from incident.domain.condition import Tested
from incident.domain.obligation import MissingFact, Obligation
from incident.domain.wording import accepted_notices, asked_for, in_words, is_said_by, value_in_words

_ALTERNATIVES = "abcdefghijklmnopqrstuvwxyz"
_UNSAID = {"unknown": "not known yet", "unknown: presumed": "not known; the law presumes it"}


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line of the argument: a statement with what was found, or the heading of a group."""

    depth: int
    text: str
    value: str
    outcome: bool | None
    settles: bool = False
    """This is what decided the group it stands in, or the whole."""
    idle: bool = False
    """It no longer matters: something else has decided."""
    heading: bool = False


def outline(tested: Sequence[Tested], because: Tested | None = None) -> tuple[ReasonLine, ...]:
    """The argument in reading order; `because` is the test that settled the whole, where one did."""
    return tuple(_lines(tested, 0, because, idle=False))


def _lines(tested: Sequence[Tested], depth: int, because: Tested | None, *, idle: bool) -> list[ReasonLine]:
    found: list[ReasonLine] = []
    for group, held in groupby(tested, key=lambda test: test.any_of[depth][0] if len(test.any_of) > depth else None):
        if group is None:
            for test in held:
                moot = idle or (because is not None and test.outcome is None)
                found.append(_leaf(test, depth, settles=test is because, idle=moot))
        else:
            found.extend(_group(list(held), depth, because, idle=idle))
    return found


def _leaf(test: Tested, depth: int, *, settles: bool, idle: bool) -> ReasonLine:
    value = value_in_words(test.text, test.value, outcome=test.outcome)
    said = value in ("true", "false", "known", "not said") or is_said_by(test.text, test.value)
    shown = "" if said else _UNSAID.get(value, value)
    return ReasonLine(depth, in_words(test.text), shown, test.outcome, settles, idle)


def _group(tested: list[Tested], depth: int, because: Tested | None, *, idle: bool) -> list[ReasonLine]:
    """One of several: the first that holds settles it, and the others no longer matter."""
    parts = [list(part) for _, part in groupby(tested, key=lambda test: test.any_of[depth][1])]
    outcomes = [all_of(part, depth + 1) for part in parts]
    outcome = _kleene(outcomes, deciding=True)
    first = outcomes.index(True) if outcome else -1
    lines = [ReasonLine(depth, "one of these", "", outcome, idle=idle, heading=True)]
    for number, part in enumerate(parts):
        moot = idle or (outcome is True and number != first)
        inner = _lines(part, depth + 1, because, idle=moot)
        if len(part) > 1 and any(len(test.any_of) == depth + 1 for test in part):
            heading = ReasonLine(depth + 1, "all of these", "", outcomes[number], number == first, moot, heading=True)
            inner = [heading, *(_deeper(line) for line in inner)]
        elif number == first:
            inner = [_settling(inner[0]), *inner[1:]]
        lines.extend(inner)
    return lines


def _deeper(line: ReasonLine) -> ReasonLine:
    return ReasonLine(line.depth + 1, line.text, line.value, line.outcome, line.settles, line.idle, line.heading)


def _settling(line: ReasonLine) -> ReasonLine:
    return ReasonLine(line.depth, line.text, line.value, line.outcome, settles=True, heading=line.heading)


def all_of(tested: Sequence[Tested], depth: int = 0) -> bool | None:
    """Whether these tests hold together, alternatives included."""
    outcomes: list[bool | None] = []
    for group, held in groupby(tested, key=lambda test: test.any_of[depth][0] if len(test.any_of) > depth else None):
        listed = list(held)
        if group is None:
            outcomes.extend(test.outcome for test in listed)
        else:
            parts = groupby(listed, key=lambda test: test.any_of[depth][1])
            outcomes.append(_kleene([all_of(list(part), depth + 1) for _, part in parts], deciding=True))
    return _kleene(outcomes, deciding=False)


def _kleene(outcomes: Sequence[bool | None], *, deciding: bool) -> bool | None:
    if deciding in outcomes:
        return deciding
    return None if None in outcomes else not deciding


def alternative_label(test: Tested, numbers: dict[int, int]) -> str:
    """Of which alternatives a test is one: `1b` is the second of group 1, `1b.2a` stands within it.

    `numbers` counts the groups as they come and is carried from test to test.
    """
    return ".".join(f"{numbers.setdefault(group, len(numbers) + 1)}{_letter(which)}" for group, which in test.any_of)


def _letter(number: int) -> str:
    return _ALTERNATIVES[number] if number < len(_ALTERNATIVES) else f"-{number + 1}"


def missing_words(missing: MissingFact, each: Obligation) -> str:
    """What is missing, as it is asked for: a notice by its name where the clock waits for one to be sent."""
    if missing.fact != "filed":
        return missing.question
    accepted = accepted_notices(test.text for test in each.why if test.outcome is None)
    return asked_for(missing.fact, missing.question, each.id, accepted)
