"""Broken regimes are refused by name and the rest works; hostile facts get an answer or a sentence, never a traceback."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from incident.content.regimes import LawBook, read_regimes
from incident.domain.facts_document import when
from incident.errors import ContentError
from incident.usecases.assess import load_law

GOOD = """
slug = "xx-good"
title = "Good law"
short = "Good"
place = "DE"
citation = "Good Act s 1"
source = "https://example.org"
checked_on = 2026-01-01
recheck_by = 2027-01-01
confidence = "high"

[[duties]]
slug = "authority"
title = "Good: authority"
recipient = "authority"
citation = "s 1"
starts = "aware"
period = "72 hours"
when = ["people in DE > 5"]
"""


def book(tmp_path: Path, text: str, name: str = "xx-bad") -> LawBook:
    folder = tmp_path / "xx"
    folder.mkdir(exist_ok=True)
    (folder / "xx-good.toml").write_text(GOOD, encoding="utf-8")
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return read_regimes((tmp_path,), load_law().vocabulary)


BAD = GOOD.replace("xx-good", "xx-bad")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (BAD.replace('period = "72 hours"', 'period = "72 hours"\nperiodd = 1'), "periodd"),
        (BAD.replace('when = ["people in DE > 5"]', "when = []"), "empty"),
        (BAD.replace("people in DE > 5", "risk.indivduals is high"), "risk.indivduals"),
        (BAD.replace("people in DE > 5", "organisation.sectors has bankk"), "bankk"),
        (BAD.replace("people in DE > 5", "risk.individuals is higher"), "higher"),
        (BAD.replace("people in DE > 5", "people in DEU > 5"), "DEU"),
        (BAD.replace("people in DE > 5", "people in DE 5"), "operator"),
        (BAD.replace("72 hours", "72"), "is not a period"),
        (BAD.replace('citation = "s 1"', 'citation = " "'), "citation"),
        (BAD.replace('citation = "Good Act s 1"\n', ""), "citation"),
        (BAD.replace('starts = "aware"', 'starts = "awre"'), "at.awre"),
        (BAD.replace('starts = "aware"', 'starts = "filed:eu-gpdr/authority"'), "eu-gpdr/authority"),
        (BAD.replace('confidence = "high"', 'confidence = "sure"'), "sure"),
        (BAD + "effective_from = 2027-01-01\neffective_until = 2026-01-01\n", "before"),
        (
            BAD + BAD[BAD.index("[[duties]]") :].replace('slug = "authority"', 'slug = "authority"\nvariant = "old"'),
            "same days",
        ),
        (BAD.replace("people in DE > 5", "(" * 60 + "data.encrypted" + ")" * 60), "nested"),
        (BAD.replace("2027-01-01", '"soon"'), "soon"),
        ("slug = ,\n", "line 1"),
        ("a = " + "[" * 5000 + "]" * 5000, "TOML"),
    ],
)
def test_a_broken_regime_is_refused_by_name_and_the_rest_loads(tmp_path: Path, text: str, named: str) -> None:
    found = book(tmp_path, text)
    assert [each.slug for each in found.regimes] == ["xx-good"]
    assert [each.place for each in found.problems] == ["xx-bad"]
    assert named in str(found.problems[0])
    assert "xx-bad.toml" in str(found.problems[0])


def test_a_regime_may_not_take_the_place_of_another(tmp_path: Path) -> None:
    found = book(tmp_path, GOOD, name="xx-other")
    assert len(found.regimes) == 1
    assert "there already" in str(found.problems[0])


def test_a_regime_declares_facts_of_its_own_but_gives_no_fact_a_second_meaning(tmp_path: Path) -> None:
    own = (
        BAD.replace("people in DE > 5", "options.moonshine")
        + '\n[facts.options]\nmoonshine = { type = "flag", ask = "Was it?" }\n'
    )
    found = book(tmp_path, own)
    assert found.vocabulary.question("options.moonshine") == "Was it?"
    assert not found.problems
    again = own.replace("moonshine", "offers_in_uk")
    assert "another meaning" in str(book(tmp_path, again).problems[0])


def test_what_is_not_evaluated_is_said_in_every_answer(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "regimes" / "own"
    folder.mkdir(parents=True)
    (folder / "xx-bad.toml").write_text(BAD.replace("72 hours", "72"), encoding="utf-8")
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    command = [sys.executable, "-m", "incident", "assess", str(facts)]
    env = {"INCIDENT_CONTENT": str(tmp_path / "content"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert "NOT EVALUATED: xx-bad" in shown.stdout
    answer = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, env=env).stdout)
    assert [each["regime"] for each in answer["unevaluated"]] == ["xx-bad"]
    assert len(answer["evaluated"]) == len(load_law().regimes)


def everything(at: str, zone: str = "Pacific/Apia", count: int = 900) -> dict[str, object]:
    law = load_law()
    events = [key.removeprefix("at.") for key in law.vocabulary.kinds if key.startswith("at.")]
    kinds = law.vocabulary.kinds
    return {
        "organisation": {
            "roles": [token for token, _ in kinds["organisation.roles"].choices],
            "sectors": [token for token, _ in kinds["organisation.sectors"].choices],
            "established_in": ["DE", "US-SC", "GB", "CH", "BR"],
            "timezone": zone,
        },
        "at": dict.fromkeys(events, at),
        "people": [{"in": place, "count": count} for place in ("DE", "US-CA", "US-VT", "BR", "JP", "CO", "GB", "CN")],
        "data": {
            "elements": [token for token, _ in kinds["data.elements"].choices],
            "encrypted": False,
            "medium": ["electronic"],
        },
        "breach": dict.fromkeys(("confidentiality", "acquired", "accessed"), True),
        "risk": {key.removeprefix("risk."): True for key in kinds if key.startswith("risk.") and key != "risk.individuals"},
    }


@pytest.mark.parametrize(
    "at", ["1970-01-01", "2199-12-31", "2199-12-31T23:59:59-12:00", "1970-01-01T00:00:00+14:00", "2024-02-29"]
)
@pytest.mark.parametrize("count", [0, 1, 10**30])
def test_the_edges_of_time_and_number_get_an_answer(at: str, count: int) -> None:
    law = load_law()
    facts = law.facts(everything(at, count=count), source="this test")
    assert law.assess(facts, now=datetime(2026, 11, 23, tzinfo=UTC)).obligations


@pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "1969-12-31"])
def test_a_year_that_is_none_gets_a_sentence(at: str) -> None:
    with pytest.raises(ContentError, match="no year of a breach"):
        when("at.aware", at)


def test_every_time_zone_gets_an_answer() -> None:
    law = load_law()
    regimes = tuple(each for each in law.regimes if each.slug in ("eu-gdpr", "us-hipaa", "br-lgpd", "us-sec-8k"))
    from incident.domain.assessment import assess

    for zone in sorted(available_timezones()):
        facts = law.facts(everything("2026-03-08T02:30:00-05:00", zone), source="this test")
        answer = assess(facts, regimes, now=datetime(2026, 11, 23, tzinfo=UTC), calendars=law.calendars)
        assert any(each.due_at is not None for each in answer.obligations), zone


@pytest.mark.parametrize(
    "text",
    [
        '{"data": ' + "[" * 10000 + "]" * 10000 + "}",
        '{"people": [{"in": "DE", "count": -1}]}',
        '{"people": [{"in": "DE", "count": 1e999}]}',
        '{"people": {"in": "DE"}}',
        '{"at": {"aware": "9999-12-31"}}',
        '{"organisation": {"timezone": "Mars/Olympus"}}',
        '{"data": {"elements": ["ssnn"]}}',
        '{"filed": [{"obligation": "eu-gdpr/authorty", "at": "2026-01-01T00:00:00Z"}]}',
        "[]",
        "null",
        '"x"',
        "{",
        "\ud800",
    ],
)
def test_a_hostile_file_gets_one_sentence_and_status_2(tmp_path: Path, text: str) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    done = subprocess.run([sys.executable, "-m", "incident", "assess", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert str(file) in done.stderr


def test_a_file_of_fifty_megabytes_gets_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"people": [' + '{"in":"DE","count":1},' * 2_500_000 + '{"in":"FR"}]}')
    done = subprocess.run([sys.executable, "-m", "incident", "assess", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "larger than any file of facts" in done.stderr
