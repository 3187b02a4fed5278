"""What leaves in the formats of the trade: valid on its schema, read by a real consumer, the same for the same record."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import stix2  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from incident.domain.incident import IncidentStatus
from incident.domain.outgoing import Outgoing
from incident.domain.profile import Profile
from incident.domain.timeline import EntryKind, Precision
from incident.interchange.csv_tables import csv_files
from incident.interchange.inert_cell import inert, plain
from incident.interchange.misp_event import misp_event, tags
from incident.interchange.stix_bundle import CORE, EVENT, stix_bundle
from incident.interchange.timeline_file import read_timeline
from incident.interchange.timesketch import COLUMNS, timesketch_csv, timesketch_jsonl
from incident.interchange.veris_export import veris_record
from incident.interchange.veris_words import ACTIONS
from tests.interchange.outgoing_incidents import FACTS, REFERENCE, an_entry, an_outgoing

Document = dict[str, Any]
STATES = (
    an_outgoing(),
    an_outgoing(facts={}, entries=()),
    an_outgoing(exercise=True, playbook="personal-data-breach"),
    an_outgoing(status=IncidentStatus.FALSE_ALARM, facts={**FACTS, "breach.acquired": False}),
    an_outgoing(facts={"breach.confidentiality": False, "breach.accessed": False, "breach.acquired": False}),
    an_outgoing(facts={"at.occurred": "2026-03-01", "at.detected": "2026-03-01", "data.encrypted": True}),
    *(an_outgoing(profile, title="") for profile in Profile),
    *(an_outgoing(playbook=playbook) for playbook in ACTIONS),
)


def beside(name: str) -> Document:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the published schemas are not beside the checkout")
    found: Document = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_veris_is_valid_on_the_published_schema() -> None:
    check = jsonschema.Draft4Validator(beside("veris/schema/verisc-merged.json"))
    for going in STATES:
        assert [error.message for error in check.iter_errors(veris_record(going))] == []


def test_veris_says_unknown_where_nobody_recorded_anything() -> None:
    record: Document = veris_record(an_outgoing(facts={}, playbook="personal-data-breach"))
    assert record["action"] == {"unknown": {}}
    assert record["actor"] == {"unknown": {}}
    assert "attribute" not in record
    assert record["victim"]["country"] == ["Unknown"]
    assert record["security_incident"] == "Suspected"


def test_veris_says_no_disclosure_only_when_all_three_were_denied() -> None:
    def disclosed(**facts: bool) -> object:
        record: Document = veris_record(an_outgoing(facts={f"breach.{key}": value for key, value in facts.items()}))
        return record.get("attribute", {}).get("confidentiality", {}).get("data_disclosure")

    assert disclosed(confidentiality=False) is None
    assert disclosed(confidentiality=False, accessed=False, acquired=False) == "No"
    assert disclosed(confidentiality=True) == "Potentially"
    assert disclosed(confidentiality=True, acquired=True) == "Yes"


def test_veris_carries_the_durations_in_their_unit() -> None:
    timeline: Document = veris_record(an_outgoing())["timeline"]  # type: ignore[assignment]
    assert timeline["incident"] == {"year": 2026, "month": 2, "day": 27}
    assert timeline["discovery"] == {"unit": "Days", "value": 2}
    assert timeline["containment"] == {"unit": "Unknown"}, "the same day: not comparable"


def test_stix_parses_and_every_reference_resolves() -> None:
    for going in STATES:
        bundle = stix2.parse(json.dumps(stix_bundle(going)), allow_custom=True)
        ids = {each["id"] for each in bundle.objects}
        incident: Document = json.loads(next(each for each in bundle.objects if each["type"] == "incident").serialize())
        core = incident["extensions"][CORE]
        referred = [each["event_ref"] for each in core.get("events", ())]
        referred += [each for note in bundle.objects if note["type"] == "note" for each in note["object_refs"]]
        assert all(UUID(each.split("--")[1]).version == 4 for each in ids)
        assert {*referred, incident["created_by_ref"], *incident["object_marking_refs"]} <= ids
        assert core["determination"] in {"false-positive", "suspected", "successful-attempt"}
        assert core["investigation_status"] in {"open", "closed"}
        assert {"extension_type", "determination", "investigation_status"} <= set(core)


def test_the_same_record_gives_the_same_bundle_and_another_profile_other_objects() -> None:
    one, again, other = stix_bundle(an_outgoing()), stix_bundle(an_outgoing()), stix_bundle(an_outgoing(Profile.CUSTOMER))
    assert one == again

    def ids(bundle: Document) -> set[str]:
        return {each["id"] for each in bundle["objects"] if each["type"] != "marking-definition"}

    assert not ids(one) & ids(other)


def test_stix_says_that_only_the_day_is_known() -> None:
    objects: list[Document] = stix_bundle(an_outgoing())["objects"]  # type: ignore[assignment]
    event = next(each for each in objects if "attacker" in each.get("description", ""))
    assert event["start_time_fidelity"] == "day"
    assert event["extensions"] == {EVENT: {"extension_type": "new-sdo"}}


@pytest.mark.parametrize("profile", Profile)
def test_each_profile_has_its_traffic_light(profile: Profile) -> None:
    level = {"privileged": "red", "regulator": "amber+strict", "customer": "amber", "public": "clear"}[profile.value]
    assert f"tlp:{level}" in tags(an_outgoing(profile))
    marking: Document = stix_bundle(an_outgoing(profile))["objects"][0]  # type: ignore[index]
    assert marking["name"] == f"TLP:{level.upper()}"


def test_every_tag_of_misp_is_one_of_its_taxonomy() -> None:
    known = set[str]()
    for name in ("rsit", "tlp", "gdpr"):
        taxonomy = beside(f"misp/{name}/machinetag.json")
        valued = {each["predicate"]: [entry["value"] for entry in each["entry"]] for each in taxonomy.get("values", ())}
        for each in taxonomy["predicates"]:
            plain_tag = f"{name}:{each['value']}"
            known |= {f'{plain_tag}="{value}"' for value in valued[each["value"]]} if each["value"] in valued else {plain_tag}
    for going in STATES:
        assert set(tags(going)) <= known


def test_a_misp_event_is_ours_alone_and_not_published() -> None:
    event: Document = misp_event(an_outgoing())["Event"]  # type: ignore[assignment]
    assert (event["distribution"], event["published"], event["threat_level_id"]) == ("0", False, "1")
    assert 'gdpr:special-categories="health"' in {each["name"] for each in event["Tag"]}
    assert all(each["to_ids"] is False and each["category"] == "Other" for each in event["Attribute"])
    assert len({each["uuid"] for each in event["Attribute"]}) == len(event["Attribute"])
    day = next(each for each in event["Attribute"] if "attacker" in each["value"])
    assert day["value"].startswith("2026-03-01T00:00:00+01:00, known to the day only")
    assert "first_seen" not in day


def test_timesketch_rules_hold() -> None:
    going = an_outgoing()
    rows = list(csv.DictReader(StringIO(timesketch_csv(going))))
    assert tuple(rows[0]) == COLUMNS
    for row, line in zip(rows, timesketch_jsonl(going).splitlines(), strict=True):
        one = json.loads(line)
        assert isinstance(one, dict)
        assert all(one[each] for each in ("message", "datetime", "timestamp_desc"))
        at = datetime.fromisoformat(one["datetime"])
        assert at.tzinfo is not None
        assert one["timestamp"] == int(at.timestamp() * 1_000_000)
        assert row["datetime"] == one["datetime"]
    assert rows[1]["timestamp_desc"] == "Attack (day precision)"
    assert rows[1]["datetime"].startswith("2026-03-01T00:00:00")


@pytest.mark.parametrize(("suffix", "write"), [(".csv", timesketch_csv), (".jsonl", timesketch_jsonl)])
def test_what_we_write_for_timesketch_we_read_again(tmp_path: Path, suffix: str, write: Callable[[Outgoing], str]) -> None:
    entries = (an_entry(1, "=cmd()"), an_entry(2, '-3 hosts\tgone, "all" of them'), *an_outgoing().entries)
    file = tmp_path / f"lines{suffix}"
    file.write_text(write(an_outgoing(entries=entries)), encoding="utf-8")
    found = read_timeline(file)
    assert found.remarks == ()
    said = [(each.occurred_at, " ".join(each.text.split()), each.precision, each.kind) for each in entries]
    assert [(each.at, each.text, each.precision, each.kind) for each in found.lines] == said
    assert found.lines[3].at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert (found.lines[3].precision, found.lines[3].kind) == (Precision.DAY, EntryKind.ATTACK)


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-cmd", "@x", "\t=1", "\r=1", "  =1", "\uff1d1", "\u00a0=1"])
def test_a_cell_that_a_spreadsheet_would_compute_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert plain(inert(cell)) == cell


@given(st.text(max_size=20))
def test_only_what_starts_a_formula_is_marked(cell: str) -> None:
    assert plain(inert(cell)) == cell or cell.startswith("'")
    assert inert(cell).lstrip()[:1] not in ("=", "@") or not cell.strip()


def test_csv_carries_a_readme_with_the_stamp_and_nothing_that_computes() -> None:
    files = csv_files(an_outgoing(Profile.REGULATOR, exercise=True))
    readme = files["README.txt"].decode()
    assert Profile.REGULATOR.stamp in readme
    assert "EXERCISE" in readme
    rows = list(csv.reader(StringIO(files["lines.csv"].decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], ["'=1+1", "-5"], ["'@x", "plain"]]
