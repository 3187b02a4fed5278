"""Cases of other tools: what fits becomes a reported fact, what does not is said, what is hostile is refused in one line."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.domain.foreign_case import ForeignCase, fitting_playbook
from incident.errors import ContentError
from incident.interchange.iris_case import read_iris
from incident.interchange.thehive_case import read_thehive
from incident.interchange.veris_export import veris_record
from incident.interchange.veris_import import read_veris
from tests.interchange.outgoing_incidents import REFERENCE, an_outgoing

Reader = Callable[[Path], ForeignCase]
READERS: tuple[Reader, ...] = (read_veris, read_thehive, read_iris)
WHEN = 1772359200000
"""2026-03-01T10:00:00Z in milliseconds."""

ALERT: dict[str, Any] = {
    "type": "mail",
    "source": "gateway",
    "sourceRef": "GW-7",
    "title": "Phishing in the accounts department",
    "description": "Three people gave their password.",
    "severity": 3,
    "date": WHEN,
    "tlp": 2,
    "tags": ["phishing", "mail"],
    "observables": [{"dataType": "ip", "data": "203.0.113.9"}],
    "procedures": [{"patternId": "T1566", "occurDate": WHEN, "description": "mail with a link"}],
}
CASE: dict[str, Any] = {
    "status": "success",
    "message": "",
    "data": {
        "case": {"case_id": 4, "case_name": "#4 - Ransomware on two servers", "case_description": "Files are encrypted."},
        "timeline": [
            {
                "event_title": "Note found",
                "event_date": "2026-03-01T10:00:00.000000",
                "event_tz": "+01:00",
                "event_source": "edr",
            },
            {"event_title": "Isolated", "event_content": "both", "event_date": "2026-03-01T11:00:00+00:00"},
        ],
        "iocs": [{"ioc_value": "x"}],
    },
}


def a_file(folder: Path, content: object, name: str = "case.json") -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def facts(case: ForeignCase) -> dict[str, object]:
    return {each.key: each.value for each in case.facts}


def test_an_alert_of_thehive(tmp_path: Path) -> None:
    case = read_thehive(a_file(tmp_path, ALERT))
    assert (case.origin, case.severity, case.playbook) == ("TheHive alert GW-7", 2, "phishing-account-takeover")
    assert facts(case) == {
        "at.detected": "2026-03-01T10:00:00+00:00",
        "account.what_happened": "Three people gave their password.",
    }
    assert [each.text for each in case.lines] == ["T1566: mail with a link"]
    assert "1 observable:" in case.left_out[0]
    assert any("version 4" in each for each in case.left_out), "a TLP number is not converted in silence"


def test_a_case_of_iris_with_its_timeline(tmp_path: Path) -> None:
    case = read_iris(a_file(tmp_path, CASE))
    assert (case.title, case.playbook, case.origin) == ("Ransomware on two servers", "ransomware", "DFIR-IRIS case 4")
    assert [each.at for each in case.lines] == [datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 11, tzinfo=UTC)]
    assert case.lines[0].source == "imported from DFIR-IRIS case 4, event 1: edr"
    assert facts(case) == {"account.what_happened": "Files are encrypted."}


def test_an_event_of_iris_without_a_zone_is_refused(tmp_path: Path) -> None:
    event = {"event_title": "x", "event_date": "2026-03-01T10:00:00.000000"}
    with pytest.raises(ContentError, match=r"case.json, event 2: the time «2026-03-01T10:00:00.000000» has no zone"):
        read_iris(a_file(tmp_path, {"case": CASE["data"]["case"], "timeline": [CASE["data"]["timeline"][0], event]}))


def test_an_alert_of_iris_without_a_zone_leaves_the_time_open_and_says_so(tmp_path: Path) -> None:
    alert = {
        "alert_title": "Odd login",
        "alert_source_ref": "S-1",
        "alert_source_event_time": "2026-03-01T10:00:00",
        "alert_severity_id": 5,
        "alert_tags": "brute-force,vpn",
    }
    case = read_iris(a_file(tmp_path, alert))
    assert facts(case) == {}
    assert "has no zone" in case.left_out[0]
    assert (case.playbook, case.severity) == ("credential-stuffing", 2)


def test_our_own_veris_comes_back(tmp_path: Path) -> None:
    case = read_veris(a_file(tmp_path, veris_record(an_outgoing())))
    said = facts(case)
    assert said["at.occurred"] == "2026-02-27"
    assert said["breach.confidentiality"] is True
    assert said["breach.integrity"] is True
    assert said["account.records"] == 5000
    assert case.playbook == "phishing-account-takeover"
    assert "data.elements" not in said, "a list counts as complete, and this one is not"


def test_a_denial_in_veris_is_no_answer(tmp_path: Path) -> None:
    record = {"action": {}, "timeline": {}, "attribute": {"confidentiality": {"data_disclosure": "No"}}, "summary": "x"}
    case = read_veris(a_file(tmp_path, record))
    assert "breach.confidentiality" not in facts(case)
    assert any("«No»" in each for each in case.left_out)


def test_every_published_incident_reads() -> None:
    files = [*REFERENCE.glob("vcdb/native/*.json"), *REFERENCE.glob("veris/migration/veris-1_4*")]
    if not files:
        pytest.skip("the published records are not beside the checkout")
    for file in files:
        case = read_veris(file)
        assert case.title
        assert all(each.key.startswith(("at.", "breach.", "account.")) for each in case.facts)


def test_published_bad_records_are_read_or_refused_never_more(tmp_path: Path) -> None:
    files = list(REFERENCE.glob("veris/tests/*.json"))
    if not files:
        pytest.skip("the published records are not beside the checkout")
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        with suppress(ContentError):
            assert read_veris(a_file(tmp_path, document.get("incident", document))).title


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "this is not JSON"),
        ("[]", "there are 0 items"),
        ("[{}, {}]", "there are 2 items"),
        ("5", "is not one object"),
        ("{}", "this is no"),
        ("[" * 100_000, "line 1: it is nested more than 60 deep"),
        ('{"a": [' + "[]," * 250_000 + "[]]}", "more than 200000 values"),
        ('{"title": NaN}', "is not a value"),
        ('{"title": 1, "title": 2}', "is there twice"),
        (b"\xff{}", "byte 0 is not UTF-8"),
        ('{"n": ' + "9" * 5000 + "}", "too long"),
    ],
    ids=range(11),
)
def test_what_is_no_record_is_refused_in_one_line(tmp_path: Path, reader: Reader, content: str | bytes, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        reader(a_file(tmp_path, content))
    assert refused.value.message.startswith("case.json")
    assert said in refused.value.message
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_what_no_screen_shows_stays_outside(tmp_path: Path) -> None:
    case = read_thehive(a_file(tmp_path, '{"sourceRef": "\\u001b]0;x\\u0007", "title": "a\\u202eb\\ud800", "date": 1e300}'))
    assert case.title == "ab?"
    assert "\x1b" not in case.origin
    assert facts(case) == {}


KEYS = (
    "title date severity tags description procedures observables startDate sourceRef endDate customFields case case_name timeline "
    "alert_tags severity_name alert_title alert_source_event_time events action attribute summary actor asset impact plus"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80)
@given(key=st.sampled_from(KEYS.split()), value=VALUES)
@pytest.mark.parametrize("reader", READERS)
def test_odd_values_under_known_keys_never_crash(
    tmp_path_factory: pytest.TempPathFactory, reader: Reader, key: str, value: object
) -> None:
    base = {"title": "t", "sourceRef": "s", "case_name": "c", "action": {}, "timeline": {}}
    file = a_file(tmp_path_factory.getbasetemp(), {**base, key: value})
    with suppress(ContentError):
        reader(file)


def test_the_playbook_follows_the_words() -> None:
    assert fitting_playbook(["LockBit ransom note"]) == "ransomware"
    assert fitting_playbook(["something odd"]) == "personal-data-breach"
