"""Our playbooks go out as valid CACAO v2.0 and come back equal, whoever wrote them and however the JSON was laid out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from incident.content.folders import shipped_folder
from incident.content.playbook_document import playbook_from_document, playbook_to_document
from incident.content.playbook_reader import PlaybookReader
from incident.content.playbook_writer import playbook_toml
from incident.domain.playbook import Playbook
from incident.domain.toml_text import read_toml
from incident.interchange.cacao_check import checked
from incident.interchange.cacao_export import cacao_of
from incident.interchange.cacao_extension import CONDITION_FIELDS, PLAYBOOK_FIELDS, STEP_FIELDS
from incident.interchange.cacao_graph import links
from incident.interchange.cacao_import import playbook_document
from incident.interchange.cacao_words import EXTENSION
from incident.usecases.assess import Law
from incident.usecases.catalogue import catalogue
from tests.conftest import NOW
from tests.interchange.playbooks import REFERENCE, playbooks

SHIPPED = sorted(each.stem for each in shipped_folder("playbooks").glob("*.toml") if each.stem != "spine")


def exported(playbook: Playbook) -> dict[str, Any]:
    return cacao_of(playbook_to_document(playbook), now=NOW)


def through_json(playbook: Playbook) -> Playbook:
    """Out and in again, with the keys of every object in another order, as another tool might write them."""
    found = checked(json.loads(json.dumps(exported(playbook), sort_keys=True)), "x.json", lenient=False)
    assert not found.faults, found.faults
    document, remarks = playbook_document(found.document)
    assert not remarks
    return playbook_from_document(document)


def test_there_are_fourteen() -> None:
    assert len(SHIPPED) >= 14


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_playbook_comes_back_equal(slug: str) -> None:
    playbook = catalogue().playbook(slug)
    assert through_json(playbook) == playbook


@settings(max_examples=30)
@given(playbooks())
def test_any_playbook_comes_back_equal(playbook: Playbook) -> None:
    assert through_json(playbook) == playbook


@settings(max_examples=30)
@given(playbook=playbooks())
def test_any_playbook_can_be_written_as_a_file_and_read(law: Law, playbook: Playbook) -> None:
    read = read_toml(playbook_toml(playbook, head="A comment"))
    assert PlaybookReader(law.vocabulary).playbook(playbook.slug, read, "") == replace(playbook, inherits="")


@settings(max_examples=25)
@given(playbooks())
def test_no_step_stands_before_one_that_it_waits_for(playbook: Playbook) -> None:
    """Walking the workflow in the standard's terms, a step is reached when all that it waits for are behind it."""
    workflow = exported(playbook)["workflow"]
    slugs = {name: each["step_extensions"][EXTENSION]["slug"] for name, each in workflow.items() if each["type"] == "action"}

    def walk(name: str, done: set[str]) -> set[str]:
        step = workflow[name]
        if step["type"] == "end":
            return done
        if name in slugs:
            waits = next(each.after for each in playbook.steps if each.slug == slugs[name])
            assert set(waits) <= done, slugs[name]
            done = done | {slugs[name]}
        inner = [other for keys, other in links(step) if keys[0] != "on_completion"]
        for each in [walk(other, done) for other in inner]:
            done = done | each
        return walk(step["on_completion"], done)

    start = next(name for name, each in workflow.items() if each["type"] == "start")
    assert walk(start, set()) == {each.slug for each in playbook.steps}


def test_ids_follow_from_slug_and_version() -> None:
    playbook = catalogue().playbook("personal-data-breach")
    one, again = exported(playbook), exported(playbook)
    another = exported(replace(playbook, version="another"))
    assert one == again
    assert one["id"] != another["id"]
    assert not set(one["workflow"]) & set(another["workflow"])


def test_every_field_of_a_playbook_travels() -> None:
    """A key added to playbooks must be given a place here, or it would be lost on the way."""
    document = playbook_to_document(catalogue().playbook("personal-data-breach"))
    assert set(document) - {"steps"} == set(PLAYBOOK_FIELDS) - {"order"} | {"title", "summary", "tags"}
    assert set(document["steps"][0]) == set(STEP_FIELDS) | {"title", "guidance", "owner", "when"}


def test_the_format_is_written_down() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "format-cacao.md").read_text(encoding="utf-8")
    assert EXTENSION in text
    for field in (*PLAYBOOK_FIELDS, *STEP_FIELDS, *CONDITION_FIELDS):
        assert f"`{field}`" in text, field


def test_only_manual_commands_go_out() -> None:
    for slug in SHIPPED:
        actions = [each for each in exported(catalogue().playbook(slug))["workflow"].values() if each["type"] == "action"]
        assert {command["type"] for each in actions for command in each["commands"]} == {"manual"}


def test_an_unknown_condition_does_not_skip_a_step() -> None:
    found = exported(catalogue().playbook("personal-data-breach"))
    conditions = [each for each in found["workflow"].values() if each["type"] == "if-condition"]
    assert conditions
    for each in conditions:
        name, _, test = each["condition"].partition(":")
        assert test == "value != 'false'"
        assert found["playbook_variables"][name]["value"] == "unknown"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the published schema does not lie beside the checkout")
@pytest.mark.parametrize("slug", SHIPPED)
def test_the_export_is_valid_by_the_published_schema(slug: str) -> None:
    from jsonschema import Draft7Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    files = sorted((REFERENCE / "cacao" / "schemas").rglob("*.json"))
    schemas = {path: json.loads(path.read_text()) for path in files}
    registry: Any = Registry().with_resources([(each["$id"], DRAFT7.create_resource(each)) for each in schemas.values()])
    validator = Draft7Validator(schemas[REFERENCE / "cacao" / "schemas" / "playbook.json"], registry=registry)
    assert not validator.is_valid({**exported(catalogue().playbook(slug)), "workflow": []})
    assert [error.message for error in validator.iter_errors(exported(catalogue().playbook(slug)))] == []
