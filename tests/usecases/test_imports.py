"""Taking in what others recorded: all of a file or nothing, with where it comes from, after a person said yes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from incident.domain.fact_record import Confidence, current
from incident.domain.timeline import EntryKind
from incident.errors import ContentError, RefusedError
from incident.store.journal import entries
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_records
from incident.usecases.imports import CaseChoice, import_case, import_timeline, read_case
from incident.usecases.incidents import Declaration, declare, incidents
from incident.usecases.timeline import timeline
from tests.conftest import NOW, Command, an_incident
from tests.interchange.test_foreign_cases import ALERT, CASE

ROWS = (
    "message,datetime,timestamp_desc,actor\n"
    "came in,2026-03-01T10:00:00+01:00,Login,attacker\n"
    "went on,2026-03-01T11:00:00+01:00,Login,\n"
)


def a_file(folder: Path, content: object, name: str) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_lines_come_in_once_and_say_where_from(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    file = a_file(tmp_path, ROWS, "edr.csv")
    done = import_timeline(ana, incident, file, now=NOW)
    assert (done.taken, done.known) == (2, 0)
    found = {each.text: each for each in timeline(ana, incident)}
    assert found["came in"].kind is EntryKind.ATTACK
    assert found["came in"].source == "imported from edr.csv, line 2: attacker"
    assert found["went on"].kind is EntryKind.LOG
    before = ana.workspace.head()
    again = import_timeline(ana, incident, file, now=NOW)
    assert (again.taken, again.known, ana.workspace.head()) == (0, 2, before)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("later,2026-03-01T12:00:00,X,\n", "line 4: the time"),
        ("soon,2026-03-05T12:00:00Z,X,\n", "lines.csv, line 4: 2026-03-05"),
    ],
)
def test_one_bad_row_takes_nothing_in(ana: Desk, tmp_path: Path, row: str, said: str) -> None:
    incident = an_incident(ana)
    before = ana.workspace.head()
    with pytest.raises(ContentError) as refused:
        import_timeline(ana, incident, a_file(tmp_path, ROWS + row, "lines.csv"), now=NOW)
    assert said in refused.value.message
    assert ana.workspace.head() == before


def test_privileged_lines_stay_in_counsels_circle(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    import_timeline(leo, incident, a_file(tmp_path, ROWS, "l.csv"), privileged=True, now=NOW)
    assert all(each.privileged for each in timeline(leo, incident) if each.source.startswith("imported"))


def test_who_is_no_member_writes_nothing(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    sealed = declare(ana, Declaration("Only Ana", "personal-data-breach", "ana", members=("ana",)), now=NOW)
    with pytest.raises(RefusedError):
        import_timeline(leo, sealed, a_file(tmp_path, ROWS, "l.csv"), now=NOW)


def test_a_case_becomes_an_incident_with_its_provenance(ana: Desk, tmp_path: Path) -> None:
    case = read_case("thehive", a_file(tmp_path, ALERT, "alert.json"), now=NOW)
    incident = import_case(ana, case, CaseChoice(case.playbook, "leo"), now=NOW)
    assert (incident.title, incident.severity, incident.playbook) == (ALERT["title"], 2, "phishing-account-takeover")
    standing = current(fact_records(ana, incident))
    detected = standing["", "at.detected"]
    assert detected.source == "imported from TheHive alert GW-7, date"
    assert detected.confidence is Confidence.REPORTED
    assert "T1566: mail with a link" in {each.text for each in timeline(ana, incident)}
    with ana.workspace.reading() as session:
        acts = [each.act for each in entries(session.connection().connection.driver_connection)]
    assert acts[-2:] == ["incident.declare", "incident.import"]


def test_no_clock_starts_from_a_record_of_somebody_else(ana: Desk, tmp_path: Path) -> None:
    """Detected is not aware: what another tool noticed starts no clock that runs from awareness."""
    case = read_case("thehive", a_file(tmp_path, ALERT, "alert.json"), now=NOW)
    incident = import_case(ana, case, CaseChoice("personal-data-breach", "ana"), now=NOW)
    gdpr = [
        each.obligation for each in clock_list(clocks(ana, incident, now=NOW)) if each.obligation.id.startswith("eu-gdpr/auth")
    ]
    assert gdpr
    assert all(each.due_at is None for each in gdpr)


def test_what_has_not_come_yet_is_left_out_and_said(ana: Desk, tmp_path: Path) -> None:
    case = read_case("thehive", a_file(tmp_path, {**ALERT, "date": 1893456000000}, "a.json"), now=NOW)
    assert "at.detected" not in {each.key for each in case.facts}
    assert any("has not come yet" in each for each in case.left_out)


def test_a_long_title_is_cut(tmp_path: Path) -> None:
    case = read_case("thehive", a_file(tmp_path, {**ALERT, "title": "x\n" * 300}, "a.json"), now=NOW)
    assert len(case.title) == 200


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(command: Command) -> Run:
    """Status, and output with errors."""

    def typed(*words: str) -> tuple[int, str]:
        status, out, err = command(*words)
        return status, out + err

    return typed


def test_a_case_is_shown_first_and_taken_when_somebody_says_so(run: Run, ana: Desk, tmp_path: Path) -> None:
    file = str(a_file(tmp_path, CASE, "case.json"))
    status, text = run("import", "iris", file)
    assert (status, "Nothing was changed" in text, "account.what_happened" in text) == (0, True, True)
    assert incidents(ana) == ()
    status, text = run("import", "iris", file, "--yes")
    (incident,) = incidents(ana)
    assert (status, incident.title) == (0, "Ransomware on two servers")
    assert incident.playbook == "ransomware"
    status, text = run("import", "iris", file, "--json")
    assert json.loads(text)["incident"] is None


def test_a_bad_file_is_one_line_and_exit_status_two(run: Run, ana: Desk, tmp_path: Path) -> None:
    an_incident(ana)
    bad = str(a_file(tmp_path, "message,datetime\nx,2026-03-01T10:00\n", "bad.csv"))
    status, text = run("import", "timeline", bad)
    assert (status, text.count("\n"), "bad.csv, line 2" in text) == (2, 1, True)
    status, text = run("import", "timeline", str(a_file(tmp_path, ROWS, "good.csv")), "--kind", "response")
    assert (status, text.startswith("2 lines from good.csv")) == (0, True)
