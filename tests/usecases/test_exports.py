"""Taking an incident out: nothing of what a reader may not have, the same names everywhere, on record, never over a file."""

import csv
import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from icalendar import Calendar

from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.profile import Profile
from incident.domain.responder import Role
from incident.domain.timeline import EntryKind
from incident.errors import ContentError, RefusedError
from incident.store.custody_tables import AccessRow
from incident.usecases.closing import close, reopen
from incident.usecases.desk import Desk
from incident.usecases.exports import outgoing
from incident.usecases.exports_files import ExportFormat, export_incident
from incident.usecases.facts import Statement, record_fact
from incident.usecases.filings import Sent, record_filing
from incident.usecases.incidents import Declaration, declare
from incident.usecases.roles import assign
from incident.usecases.timeline import log
from tests.conftest import NOW, ZONE, Command, an_incident, say

FILES = [each for each in ExportFormat if each is not ExportFormat.CALENDAR]
NAMES = {ExportFormat.TIMESKETCH: "t.csv", ExportFormat.CSV: "folder"}
IP, HOST = "203.0.113.9", "mail01.nordlicht.example"


@pytest.fixture
def incident(ana: Desk) -> Incident:
    """One with privileged lines, grounds, names and addresses in it, and a filing that was late for a reason."""
    found = an_incident(ana, title="TITLE-KANARI")
    assign(ana, found, Role.LEGAL, "leo", now=NOW)
    say(ana, found, "people", "DE: 1237")
    say(ana, found, "risk.individuals", "high", basis="KANARI-GROUNDS")
    say(ana, found, "data.elements", "name, medical")
    say(ana, found, "breach.acquired", "yes")
    say(ana, found, "account.what_happened", f"Leo Stein saw {IP} on {HOST}.")
    log(ana, found, f"=Ana found {IP} on {HOST}", now=NOW, kind=EntryKind.ATTACK, source="KANARI-SOURCE")
    log(ana, found, "KANARI-NOTE", now=NOW)
    log(ana, found, "KANARI-COUNSEL", now=NOW, privileged=True)
    sent = Sent("telephone", obligation="eu-gdpr/authority", recipient="BfDI", reference="KANARI-REFERENCE")
    record_filing(ana, found, sent, said("2026-03-02 10:00", now=NOW, zone=ZONE), now=NOW)
    return found


def written(desk: Desk, incident: Incident, format_: ExportFormat, profile: Profile, folder: Path) -> str:
    to = folder / NAMES.get(format_, "record.json")
    folder.mkdir(parents=True, exist_ok=True)
    export_incident(desk, incident, format_, profile, to=to, now=NOW)
    return "\n".join(each.read_text("utf-8-sig") for each in (sorted(to.iterdir()) if to.is_dir() else [to]))


LEFT_OUT = {
    Profile.REGULATOR: ("KANARI-COUNSEL",),
    Profile.CUSTOMER: ("KANARI-", "Ana", "Stein", IP, HOST, "high risk", "a high"),
    Profile.PUBLIC: ("KANARI", "Ana", "Stein", IP, HOST, "high risk", "a high", "1237", "1,237", "medical"),
}


@pytest.mark.parametrize("profile", LEFT_OUT)
@pytest.mark.parametrize("format_", FILES)
def test_no_reader_gets_what_is_not_theirs(
    ana: Desk, incident: Incident, tmp_path: Path, format_: ExportFormat, profile: Profile
) -> None:
    text = written(ana, incident, format_, profile, tmp_path / "out")
    assert [each for each in LEFT_OUT[profile] if each in text] == []
    assert profile.stamp in text
    assert incident.code_name in text or format_ in (ExportFormat.TIMESKETCH, ExportFormat.VERIS)


def test_counsel_gets_all_of_it(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    text = written(ana, incident, ExportFormat.CSV, Profile.PRIVILEGED, tmp_path)
    words = ("COUNSEL", "NOTE", "SOURCE", "GROUNDS", "REFERENCE")
    assert [each for each in words if f"KANARI-{each}" not in text] == []
    assert IP in text


def test_one_person_and_one_machine_have_one_name_in_every_export(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    found = set[frozenset[str]]()
    for number, format_ in enumerate((ExportFormat.STIX, ExportFormat.MISP, ExportFormat.TIMESKETCH, ExportFormat.CSV)):
        text = written(ana, incident, format_, Profile.CUSTOMER, tmp_path / str(number))
        found.add(frozenset(re.findall(r"\b(?:IP|Host) [2-9B-Z]{6}\b", text)))
    (names,) = found
    assert sorted(each.split()[0] for each in names) == ["Host", "IP"]
    later = outgoing(ana, incident, Profile.CUSTOMER, now=NOW + timedelta(days=30))
    assert all(any(name in each.text for each in later.entries) for name in names)


def test_another_member_makes_the_same_names_and_another_incident_others(ana: Desk, leo: Desk, incident: Incident) -> None:
    def line(desk: Desk, of: Incident) -> str:
        return next(
            each.text for each in outgoing(desk, of, Profile.CUSTOMER, now=NOW).entries if each.kind is EntryKind.ATTACK
        )

    other = an_incident(ana, title="Another")
    log(ana, other, f"=Ana found {IP} on {HOST}", now=NOW, kind=EntryKind.ATTACK)
    assert line(ana, incident) == line(leo, incident)
    assert line(ana, incident) != line(ana, other)


def test_no_principal_learns_of_another(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    statement = Statement("people", "DE: 5", on_behalf_of="Klinik Süd (invented)")
    record_fact(ana, incident, statement, now=NOW, zone=ZONE)
    log(ana, incident, "we rang Klinik Süd (invented)", now=NOW, kind=EntryKind.RESPONSE)
    for number, format_ in enumerate(FILES):
        assert "Klinik" not in written(ana, incident, format_, Profile.CUSTOMER, tmp_path / str(number))
    assert "Klinik" in written(ana, incident, ExportFormat.CSV, Profile.REGULATOR, tmp_path / "regulator")


def test_the_same_record_gives_the_same_bytes(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    for format_ in (ExportFormat.VERIS, ExportFormat.STIX, ExportFormat.MISP, ExportFormat.TIMESKETCH):
        one = written(ana, incident, format_, Profile.REGULATOR, tmp_path / f"{format_.value}-1")
        assert one == written(ana, incident, format_, Profile.REGULATOR, tmp_path / f"{format_.value}-2")


def test_a_cell_that_would_compute_is_text(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    written(ana, incident, ExportFormat.CSV, Profile.PRIVILEGED, tmp_path)
    for file in (tmp_path / "folder").glob("*.csv"):
        for row in csv.reader(StringIO(file.read_text("utf-8-sig"), newline="")):
            assert not any(each.startswith(("=", "+", "@", "\t")) for each in row)


def test_it_is_on_record_and_never_overwrites(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    to = tmp_path / "record.json"
    to.write_text("mine")
    with pytest.raises(RefusedError, match="nothing is overwritten"):
        export_incident(ana, incident, ExportFormat.VERIS, Profile.REGULATOR, to=to, now=NOW)
    assert to.read_text() == "mine"
    done = export_incident(ana, incident, ExportFormat.VERIS, Profile.REGULATOR, to=tmp_path / "new.json", now=NOW)
    assert done.path.stat().st_mode & 0o777 == 0o600
    with ana.workspace.reading() as session:
        from sqlmodel import select

        found = [(row.what, row.incident_id) for row in session.exec(select(AccessRow)).all()]
    assert ("the incident as veris, for regulator", incident.id) in found


def test_who_is_no_member_takes_nothing_out(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    sealed = declare(ana, Declaration("Only Ana", "personal-data-breach", "ana", members=("ana",)), now=NOW)
    with pytest.raises(RefusedError):
        export_incident(leo, sealed, ExportFormat.VERIS, Profile.PUBLIC, to=tmp_path / "x.json", now=NOW)
    assert not list(tmp_path.glob("x*"))


def test_timesketch_wants_a_name_it_knows(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"\.csv or \.jsonl"):
        export_incident(ana, incident, ExportFormat.TIMESKETCH, Profile.PUBLIC, to=tmp_path / "x.txt", now=NOW)


def test_the_calendar_says_the_code_name_and_nothing_else(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana, title="KANARI-TITLE")
    say(ana, incident, "people", "DE: 1200")
    to = tmp_path / "dates.ics"
    export_incident(ana, incident, ExportFormat.CALENDAR, Profile.PRIVILEGED, to=to, now=NOW)
    content = to.read_text()
    dues = [each for each in Calendar.from_ical(content).walk("VEVENT") if str(each["status"]) == "CONFIRMED"]
    assert len(dues) >= 1
    assert {str(each["summary"]).split(":")[0] for each in dues} == {incident.code_name}
    for word in ("KANARI", "GDPR", "gdpr", "INC-2026", "DE", "Ana", str(incident.id), incident.id.hex, "authority"):
        assert not re.search(rf"(?<![A-Z]){word}(?![A-Z])", content.replace("PRODID:-//incident//breach response//EN", ""))


def test_what_is_done_or_ended_is_cancelled_and_what_is_reopened_comes_back(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "DE: 1200")
    to = tmp_path / "dates.ics"

    def standing(of: Incident) -> dict[str, tuple[str, int]]:
        export_incident(ana, of, ExportFormat.CALENDAR, Profile.PRIVILEGED, to=to, now=NOW)
        found = Calendar.from_ical(to.read_bytes()).walk("VEVENT")
        return {str(each["uid"]): (str(each["status"]), int(str(each["sequence"]))) for each in found}

    first = standing(incident)
    before = to.read_bytes()
    assert standing(incident) == first
    assert to.read_bytes() == before
    incident = close(ana, incident, reason="done", now=NOW, despite=True)
    ended = standing(incident)
    incident = reopen(ana, incident, reason="not done", now=NOW)
    again = standing(incident)
    record_filing(
        ana, incident, Sent("mail", obligation="eu-gdpr/authority"), said("2026-03-02 10:00", now=NOW, zone=ZONE), now=NOW
    )
    filed = standing(incident)
    (uid,) = (uid for uid in first if filed[uid][0] == "CANCELLED")
    states = [each[uid] for each in (first, ended, again, filed)]
    assert [state for state, _ in states] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    numbers = [number for _, number in states]
    assert numbers == sorted(set(numbers)), "each change counts up"
    assert {state for state, _ in ended.values()} == {"CANCELLED"}
    assert set(first) <= set(filed), "a UID never goes away"


def test_a_folder_of_dates_is_renewed_in_place(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "DE: 1200")
    folder = tmp_path / "dates"
    export_incident(ana, incident, ExportFormat.CALENDAR, Profile.PRIVILEGED, to=folder, now=NOW)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    (folder / "foreign.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    export_incident(ana, incident, ExportFormat.CALENDAR, Profile.PRIVILEGED, to=folder, now=NOW + timedelta(hours=1))
    assert {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "foreign.ics"} == before
    (tmp_path / "a file").write_text("mine")
    with pytest.raises(ContentError, match="neither a file"):
        export_incident(ana, incident, ExportFormat.CALENDAR, Profile.PUBLIC, to=tmp_path / "a file", now=NOW)


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(command: Command) -> Run:
    """Status, and output with errors."""

    def typed(*words: str) -> tuple[int, str]:
        status, out, err = command(*words)
        return status, out + err

    return typed


def test_the_command_says_for_whom_it_was_made(run: Run, incident: Incident, tmp_path: Path) -> None:
    status, text = run("export", "misp", "--profile", "customer", "--to", str(tmp_path / "m.json"))
    assert (status, Profile.CUSTOMER.stamp in text.replace("\n", " ")) == (0, True)
    status, text = run("export", "csv", "--to", str(tmp_path / "tables"), "--json")
    assert json.loads(text)["export"]["files"] == len(list((tmp_path / "tables").iterdir()))
    assert run("export", "stix", "--to", str(tmp_path / "m.json"))[0] == 1
    status, text = run("export", "calendar", "--to", str(tmp_path / "d.ics"))
    assert (status, incident.code_name in text, incident.reference in text) == (0, True, False)
