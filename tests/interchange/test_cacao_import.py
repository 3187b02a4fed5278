"""A playbook of another tool becomes one that people can follow: its order, its answers, its words, and nothing run."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.content.playbook_document import playbook_from_document, playbook_to_document
from incident.content.playbook_writer import playbook_toml
from incident.domain.playbook import Playbook, Step
from incident.domain.responder import Role
from incident.errors import ContentError
from incident.interchange.cacao_check import checked
from incident.interchange.cacao_export import cacao_of
from incident.interchange.cacao_import import playbook_document
from incident.usecases.catalogue import catalogue
from tests.conftest import NOW
from tests.interchange.playbooks import AGENT, END, START, a_foreign_playbook, an_action, an_id

ONE, TWO, THREE, FOUR = (an_id("action", number) for number in (1, 2, 3, 4))
IF, SWITCH, SIDE = an_id("if-condition", 1), an_id("switch-condition", 1), an_id("parallel", 1)
END_OF_BRANCH = an_id("end", 2)


def read(document: dict[str, Any], *, lenient: bool = False) -> tuple[Playbook, tuple[str, ...]]:
    found = checked(document, "x.json", lenient=lenient)
    assert not found.faults, found.faults
    made, remarks = playbook_document(found.document)
    return playbook_from_document(made), tuple(map(str, remarks))


def step(playbook: Playbook, slug: str) -> Step:
    found = playbook.step(slug)
    assert found is not None, [each.slug for each in playbook.steps]
    return found


def test_branches_side_by_side_are_waited_for() -> None:
    playbook, _ = read(
        a_foreign_playbook(
            {
                ONE: an_action("Look", SIDE),
                SIDE: {"type": "parallel", "name": "Both", "next_steps": [TWO, THREE], "on_completion": FOUR},
                TWO: an_action("Block", END_OF_BRANCH),
                THREE: an_action("Ask", END_OF_BRANCH),
                END_OF_BRANCH: {"type": "end"},
                FOUR: an_action("Report", END),
            }
        )
    )
    assert {each.slug: each.after for each in playbook.steps} == {
        "look": (),
        "block": ("look",),
        "ask": ("look",),
        "report": ("block", "ask"),
    }
    assert [each.title for each in playbook.phases] == ["Part 1", "Both", "Part 3"]


def test_a_condition_becomes_a_decision_of_a_person() -> None:
    playbook, remarks = read(
        a_foreign_playbook(
            {
                IF: {"type": "if-condition", "name": "Is it ours?", "condition": "__x__:value = '1'", "on_true": ONE,
                     "on_false": TWO, "on_completion": THREE},
                ONE: an_action("Cut it", END_OF_BRANCH),
                TWO: an_action("Tell the owner", END_OF_BRANCH),
                END_OF_BRANCH: {"type": "end"},
                THREE: an_action("Write it down", END),
            }
        )
    )  # fmt: skip
    asked = step(playbook, "is-it-ours")
    assert asked.decision is not None
    assert (asked.owner, asked.decision.by, asked.decision.options) == (Role.COMMANDER, Role.COMMANDER, ("yes", "no"))
    assert "`__x__:value = '1'`" in asked.guidance
    assert step(playbook, "cut-it").guidance.startswith("Only if «Is it ours?» is answered: yes.")
    assert step(playbook, "tell-the-owner").guidance.startswith("Only if «Is it ours?» is answered: no.")
    assert "Only if" not in step(playbook, "write-it-down").guidance
    assert set(step(playbook, "write-it-down").after) == {"cut-it", "tell-the-owner"}
    assert any("became decisions" in each for each in remarks)


def test_a_switch_offers_its_cases() -> None:
    playbook, _ = read(
        a_foreign_playbook(
            {
                SWITCH: {"type": "switch-condition", "name": "Which", "switch": "__kind__:value",
                         "cases": {"mail": ONE, "default": TWO}},
                ONE: an_action("Search mail", END),
                TWO: an_action("Search all", END),
            }
        )
    )  # fmt: skip
    decision = step(playbook, "which").decision
    assert decision is not None
    assert (decision.options, decision.default) == (("mail", "default"), "default")


def test_commands_are_text_in_a_block_that_they_cannot_leave() -> None:
    hostile = "echo a\n```\n# not a heading\n```\x1b[31m\u202e"
    action = an_action("Run", END, commands=[{"type": "bash", "command": hostile}])
    playbook, _ = read(a_foreign_playbook({ONE: action}))
    guidance = step(playbook, "run").guidance
    assert "Nothing runs it here" in guidance
    assert guidance.count("\n````") == 2
    assert "\x1b" not in guidance
    assert "\u202e" not in guidance


def test_a_command_in_base64_can_be_read() -> None:
    action = an_action("Hunt", END, commands=[{"type": "sigma", "command_b64": "dGl0bGU6IFggKGludmVudGVkKQ=="}])
    assert "title: X (invented)" in step(read(a_foreign_playbook({ONE: action}))[0], "hunt").guidance


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Legal counsel (invented)", Role.LEGAL),
        ("data-protection office", Role.PRIVACY_OFFICER),
        ("Incident Commander", Role.COMMANDER),
        ("Presslufthammer (invented)", Role.TECHNICAL_LEAD),
    ],
)
def test_the_agent_names_the_role(name: str, role: Role) -> None:
    document = a_foreign_playbook(agent_definitions={AGENT: {"type": "group", "name": name}})
    playbook, remarks = read(document)
    assert playbook.steps[0].owner is role
    assert (role is Role.TECHNICAL_LEAD) == any(name in each and "technical lead" in each for each in remarks)


def test_credentials_and_contacts_are_not_taken_over() -> None:
    document = a_foreign_playbook(
        authentication_info_definitions={an_id("http-basic", 1): {"type": "http-basic", "password": "not-to-be-kept"}}
    )
    document["agent_definitions"][AGENT]["contact"] = {"email": {"work": "night@shift.example"}}
    text = playbook_toml(read(document)[0])
    assert "not-to-be-kept" not in text
    assert "night@shift.example" not in text


def test_a_playbook_of_ours_edited_elsewhere_keeps_what_is_ours() -> None:
    playbook = catalogue().playbook("personal-data-breach")
    document = cacao_of(playbook_to_document(playbook), now=NOW)
    workflow = document["workflow"]
    first = document["workflow"][document["workflow_start"]]["on_completion"]
    workflow[ONE] = {**an_action("Ring the night desk", first), "agent": next(iter(document["agent_definitions"]))}
    workflow[document["workflow_start"]]["on_completion"] = ONE
    document["name"] = "Ours, changed"
    read_back, remarks = read(document)
    assert read_back.title == "Ours, changed"
    assert [each for each in read_back.steps if each.slug != "ring-the-night-desk"] == list(playbook.steps)
    assert read_back.steps[0].slug == "ring-the-night-desk"
    assert any("was added elsewhere" in each for each in remarks)


def test_a_step_of_ours_taken_out_elsewhere_is_waited_for_no_more() -> None:
    playbook = catalogue().playbook("personal-data-breach")
    waited = next(slug for each in playbook.steps for slug in each.after if slug == "open-log")
    document = cacao_of(playbook_to_document(playbook), now=NOW)
    name = next(name for name, each in document["workflow"].items() if each.get("name") == step(playbook, waited).title)
    gone = document["workflow"].pop(name)
    text = json.dumps(document["workflow"]).replace(name, gone["on_completion"])
    document["workflow"] = json.loads(text)
    read_back, remarks = read(document, lenient=True)
    assert read_back.step(waited) is None
    assert all(waited not in each.after for each in read_back.steps)
    assert any("not there any more" in each for each in remarks)


def test_a_copy_of_a_step_of_ours_is_a_step_of_its_own() -> None:
    """An editor that copies a step copies our part of it, too: neither of the two is lost."""
    playbook = catalogue().playbook("personal-data-breach")
    document = cacao_of(playbook_to_document(playbook), now=NOW)
    start = document["workflow"][document["workflow_start"]]
    name, original = next((name, each) for name, each in document["workflow"].items() if each["type"] == "action")
    document["workflow"][ONE] = {**json.loads(json.dumps(original)), "on_completion": start["on_completion"]}
    start["on_completion"] = ONE
    read_back, _ = read(document)
    assert len(read_back.steps) == len(playbook.steps) + 1
    assert len({each.slug for each in read_back.steps}) == len(read_back.steps)


def test_a_broken_extension_is_refused_and_left_out_when_lenient() -> None:
    small = replace(catalogue().playbook("personal-data-breach"), closed_when=())
    document = cacao_of(playbook_to_document(small), now=NOW)
    action = next(each for each in document["workflow"].values() if each["type"] == "action")
    next(iter(action["step_extensions"].values()))["track"] = "nowhere"
    (fault,) = checked(document, "x.json", lenient=False).faults
    assert "«nowhere» is not one of" in fault.message
    repaired = checked(document, "x.json", lenient=True)
    assert not repaired.faults
    assert any("«nowhere»" in each.text for each in repaired.repairs)


SMALL = a_foreign_playbook(
    {
        ONE: an_action("Look", IF, targets=[an_id("linux", 1)]),
        IF: {"type": "if-condition", "condition": "c", "on_true": TWO, "on_completion": SIDE},
        TWO: an_action("Block", END_OF_BRANCH),
        SIDE: {"type": "parallel", "next_steps": [THREE, FOUR], "on_completion": END},
        THREE: an_action("Ask", END_OF_BRANCH),
        FOUR: an_action("Tell", END_OF_BRANCH),
        END_OF_BRANCH: {"type": "end"},
    },
    target_definitions={an_id("linux", 1): {"type": "linux", "name": "box", "address": {"ipv4": ["192.0.2.1"]}}},
    playbook_variables={"__x__": {"type": "string", "value": "1"}},
)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1.5, True, "", "x", [], {}, [[]], {"type": 3}, ONE, START, END, "action--x", [ONE], {"a": ONE}]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(each, (*path, key))
    return found


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(places(SMALL)), JUNK | st.just("gone")), min_size=1, max_size=4))
def test_whatever_is_broken_it_is_refused_in_words_or_loads(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Lenient, too: what it lets through is sound, and can be written as a file of ours."""
    document = json.loads(json.dumps(SMALL))
    for path, junk in changes:
        held = document
        for key in path[:-1]:
            held = (
                held[key]
                if isinstance(held, dict) and key in held or isinstance(held, list) and key in range(len(held))
                else {}
            )
        if isinstance(held, dict) and path[-1] in held:
            held.pop(path[-1])
            if junk != "gone":
                held[path[-1]] = json.loads(json.dumps(junk))
    checked(document, "x.json", lenient=False)
    found = checked(document, "x.json", lenient=True)
    if found.faults:
        assert all(each.message and each.mend for each in found.faults)
        return
    assert not checked(found.document, "x.json", lenient=False).faults
    try:
        made, _ = playbook_document(found.document)
    except ContentError:
        return
    assert playbook_toml(playbook_from_document(made))


def test_the_file_of_an_import_is_a_playbook_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from incident.usecases.playbook_exchange import import_playbook
    from tests.interchange.playbooks import written

    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path / "mine"))
    catalogue.cache_clear()
    try:
        found = import_playbook(written(tmp_path, SMALL), lenient=False, folder=None)
        assert found.path == tmp_path / "mine" / "playbooks" / "strange-sign-ins-invented.toml"
        assert catalogue().playbook("strange-sign-ins-invented") == found.playbook
        assert not [each for each in catalogue().problems if each.file == found.path.name]
        assert import_playbook(written(tmp_path, SMALL), lenient=False, folder=None).path is None
    finally:
        catalogue.cache_clear()
