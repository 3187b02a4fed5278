"""What the schema cannot see: each fault of a workflow is named with its step and how to mend it, and nothing else is."""

from typing import Any

import pytest

from incident.interchange.cacao_check import checked
from tests.interchange.playbooks import END, START, a_foreign_playbook, an_action, an_id

ONE, TWO, THREE = (an_id("action", number) for number in (1, 2, 3))
WHILE, SECOND_START = an_id("while-condition", 1), an_id("start", 2)


def a_chain(**last: Any) -> dict[str, Any]:
    """Three actions in a row; `last` changes the third."""
    return {ONE: an_action("one", TWO), TWO: an_action("two", THREE), THREE: an_action("three", END, **last)}


def faults(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.place, each.message) for each in checked(document, "x.json", lenient=False).faults]


def test_a_sound_workflow_has_no_fault() -> None:
    assert faults(a_foreign_playbook(a_chain())) == []


@pytest.mark.parametrize(
    ("last", "place", "message"),
    [
        ({"on_completion": THREE}, f"/workflow/{THREE}/on_completion", "names itself as the next"),
        ({"on_completion": ONE}, f"/workflow/{THREE}/on_completion", "a circle without a while-condition"),
        ({"on_completion": an_id("action", 9)}, f"/workflow/{THREE}/on_completion", "is not in the workflow"),
        ({"on_completion": START}, f"/workflow/{THREE}/on_completion", "back to the start"),
        ({"agent": an_id("group", 9)}, f"/workflow/{THREE}/agent", "is not defined"),
        ({"targets": [an_id("linux", 9)]}, f"/workflow/{THREE}/targets/0", "is not defined"),
        ({"on_success": END}, f"/workflow/{THREE}", "goes on at «on_completion» and at «on_success»"),
        ({"commands": []}, f"/workflow/{THREE}/commands", "a list is not a list of objects, not empty"),
        ({"commands": [{"type": "manual"}]}, f"/workflow/{THREE}/commands/0", "says nothing to do"),
    ],
)
def test_a_fault_is_named_with_its_step(last: dict[str, Any], place: str, message: str) -> None:
    found = faults(a_foreign_playbook(a_chain(**last)))
    assert any(where == place and message in said for where, said in found), found
    assert "three" in str(found) or place.startswith(f"/workflow/{THREE}")


def test_a_step_that_nothing_leads_to_is_named() -> None:
    steps = {ONE: an_action("one", END), TWO: an_action("two", END)}
    assert faults(a_foreign_playbook(steps)) == [
        (f"/workflow/{TWO}", f"the step «two» ({TWO}) cannot be reached from the start.")
    ]


def test_a_second_start_is_named() -> None:
    steps = {ONE: an_action("one", END), SECOND_START: {"type": "start", "on_completion": ONE}}
    assert [where for where, said in faults(a_foreign_playbook(steps)) if "second start" in said] == [
        f"/workflow/{SECOND_START}"
    ]


def test_a_circle_through_a_while_condition_is_sound() -> None:
    steps = {
        WHILE: {"type": "while-condition", "condition": "__alerts__:value > 0", "on_true": ONE, "on_completion": TWO},
        ONE: an_action("one", WHILE),
        TWO: an_action("two", END),
    }
    assert faults(a_foreign_playbook(steps)) == []


def test_a_while_condition_that_nothing_leads_out_of_never_ends() -> None:
    steps = {WHILE: {"type": "while-condition", "condition": "true", "on_true": ONE}, ONE: an_action("one", WHILE)}
    document = a_foreign_playbook(steps)
    document["workflow_exception"] = END
    assert any("comes to an end" in said for _, said in faults(document))
    repaired = checked(document, "x.json", lenient=True)
    assert not repaired.faults
    assert any("ends when its condition fails" in each.text for each in repaired.repairs)


def test_one_fault_is_told_once() -> None:
    """A long way before a broken link is not a fault at each step."""
    found = faults(a_foreign_playbook(a_chain(on_completion=ONE)))
    assert [where for where, _ in found] == [f"/workflow/{THREE}/on_completion", f"/workflow/{END}"]
