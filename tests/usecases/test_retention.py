"""What is kept and why, what is deleted is nowhere, and what a purge could not reach is named."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlmodel import SQLModel

from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.retention import period_end
from incident.errors import ContentError, RefusedError
from incident.store.keys import subkey
from incident.store.purge import ACT, PENDING, purged_references
from incident.store.vault import Opened
from incident.store.workspace import Workspace
from incident.usecases.backup import back_up
from incident.usecases.closing import close, close_as_false_alarm, merge
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.facts import Statement, record_fact
from incident.usecases.filings import Sent, record_filing
from incident.usecases.incidents import Declaration, declare, incident_named, incidents
from incident.usecases.retention import finish, holds, keep_years, keeping, keepings, lift_hold, place_hold, purge_incident
from incident.usecases.timeline import log
from tests.conftest import NOW, ZONE, a_vault, an_incident
from tests.faults.vaults import opened_slot, reopened

CANARIES = [f"canary{number:02}zq" for number in range(20)]
LONG_AFTER = NOW + timedelta(days=365 * 12)


@dataclass(frozen=True)
class Pristine:
    """A closed vault that tests copy, and what opens it."""

    path: Path
    ana: Opened
    leo: Opened


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Pristine:
    desk = a_vault(tmp_path_factory.mktemp("pristine"))
    desk.close()
    path = desk.workspace.path
    return Pristine(path, opened_slot(path), opened_slot(path, sign_in="leo"))


@pytest.fixture
def ana(pristine: Pristine, tmp_path: Path) -> Iterator[Desk]:
    desk = reopened(Path(shutil.copytree(pristine.path, tmp_path / "vault")), pristine.ana)
    yield desk
    desk.close()


@pytest.fixture
def leo(pristine: Pristine, ana: Desk) -> Iterator[Desk]:
    desk = reopened(ana.workspace.path, pristine.leo)
    yield desk
    desk.close()


def ended(desk: Desk, incident: Incident) -> Incident:
    return close(desk, incident, reason="it is over", now=NOW, despite=True)


@pytest.mark.parametrize(
    ("period", "last"),
    [("90 days", date(2026, 5, 31)), ("24 months", date(2028, 3, 2)), ("2 years", date(2028, 3, 2))],
)
def test_periods_of_the_law_are_counted_from_the_last_day(period: str, last: date) -> None:
    assert period_end(date(2026, 3, 2), period) == last


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    assert period_end(date(2028, 2, 29), "1 years") == date(2029, 2, 28)
    with pytest.raises(ContentError, match="not a period"):
        period_end(date(2028, 2, 29), "for ever")


def test_every_period_in_the_law_can_be_counted() -> None:
    from incident.usecases.assess import load_law

    periods = [kept.period for regime in load_law().regimes for kept in regime.retention]
    assert len(periods) > 15
    assert all(period_end(date(2026, 3, 2), each) > date(2026, 3, 2) for each in periods)


def test_an_ended_incident_is_kept_as_long_as_the_longest_reason_asks(ana: Desk) -> None:
    incident = ended(ana, an_incident(ana))
    an_incident(ana, title="still open")
    assert [each.incident.reference for each in keepings(ana, now=NOW)] == [incident.reference]
    keep_years(ana, 10, now=NOW)
    kept = keeping(ana, incident, now=NOW)
    assert kept.until_on == date(2036, 3, 2)
    assert any(each.undecided and each.citation for each in kept.periods)
    assert not kept.is_past(date(2036, 3, 2))
    assert kept.is_past(date(2036, 3, 3))
    with pytest.raises(ContentError, match="cannot be meant"):
        keep_years(ana, 1000, now=NOW)


def test_an_exercise_need_not_be_kept(ana: Desk) -> None:
    incident = declare(ana, Declaration("Drill", "personal-data-breach", "ana", exercise=True), now=NOW)
    assert keeping(ana, ended(ana, incident), now=NOW).is_past(date(2026, 3, 3))


def test_what_may_not_be_deleted_is_refused_and_stays(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(RefusedError, match="is open"):
        purge_incident(ana, incident, reason="x", now=NOW)
    incident = ended(ana, incident)
    with pytest.raises(RefusedError, match="kept until"):
        purge_incident(ana, incident, reason="x", now=NOW)
    with pytest.raises(RefusedError, match="may not"):
        purge_incident(leo, incident, reason="x", now=LONG_AFTER)
    with pytest.raises(ContentError, match="Why"):
        purge_incident(ana, incident, reason=" ", now=LONG_AFTER)
    place_hold(leo, incident, reason="letter of the court", now=NOW)
    with pytest.raises(RefusedError, match="legal hold"):
        purge_incident(ana, incident, reason="x", now=LONG_AFTER, despite=True)
    assert incident_named(ana, incident.reference).title == "A mailbox was read"
    assert not (ana.workspace.path / PENDING).exists()


def test_a_hold_stands_until_it_is_lifted(ana: Desk) -> None:
    incident = ended(ana, an_incident(ana))
    with pytest.raises(ContentError, match="not said"):
        place_hold(ana, incident, reason="", now=NOW)
    place_hold(ana, incident, reason="letter of the court", now=NOW)
    assert not keeping(ana, incident, now=LONG_AFTER).is_past(LONG_AFTER.date())
    assert lift_hold(ana, incident, now=LONG_AFTER) == 1
    assert [(each.reason, each.lifted_at) for each in holds(ana, incident)] == [("letter of the court", LONG_AFTER)]
    with pytest.raises(RefusedError, match="No hold"):
        lift_hold(ana, incident, now=LONG_AFTER)
    assert purge_incident(ana, incident, reason="time is up", now=LONG_AFTER).references == (incident.reference,)


def test_a_merged_incident_goes_with_the_one_it_joined(ana: Desk) -> None:
    first, second = an_incident(ana), an_incident(ana, title="the same thing")
    merge(ana, second, first, reason="one and the same", now=NOW)
    place_hold(ana, incident_named(ana, second.reference), reason="letter", now=NOW)
    first = ended(ana, incident_named(ana, first.reference))
    with pytest.raises(RefusedError, match="part of another"):
        purge_incident(ana, incident_named(ana, second.reference), reason="x", now=LONG_AFTER)
    with pytest.raises(RefusedError, match="legal hold"):
        purge_incident(ana, first, reason="x", now=LONG_AFTER)
    lift_hold(ana, first, now=NOW)
    assert purge_incident(ana, first, reason="time is up", now=LONG_AFTER).references == (first.reference, second.reference)
    assert incidents(ana) == ()
    assert ana.workspace.verify().problems == ()


def an_incident_full_of_canaries(desk: Desk, folder: Path) -> Incident:
    """Twenty strings in every kind of place: sealed and clear columns, a notice, evidence and its name."""
    incident = an_incident(desk, title=CANARIES[0])
    for each in CANARIES[1:12]:
        log(desk, incident, f"seen: {each}", now=NOW, source=each)
    record_fact(desk, incident, Statement("account.what_happened", CANARIES[12], CANARIES[13]), now=NOW, zone=ZONE)
    found = folder / "found.txt"
    for each in CANARIES[14:18]:
        found.write_text(f"{each} was found")
        add_evidence(desk, incident, found, Offered(name=each, source=each, note=each), now=NOW)
    sent = Sent(CANARIES[18], obligation="eu-gdpr/authority", recipient=CANARIES[0], reference=CANARIES[19])
    record_filing(desk, incident, sent, said("2026-03-02 10:00", now=NOW, zone=ZONE), now=NOW)
    return close(desk, incident, reason=CANARIES[1], now=NOW, despite=True)


def pages(workspace: Workspace) -> bytes:
    """Everything in the database's files as it reads with the key, free pages included: AES-256-CBC, 80 bytes reserved."""
    key, plain = subkey(workspace._master, "db"), b""
    main = (workspace.path / "incident.db").read_bytes()
    log_file = workspace.path / "incident.db-wal"
    log = log_file.read_bytes() if log_file.exists() else b""
    found = [main[at : at + 4096] for at in range(0, len(main), 4096)]
    found += [log[at + 24 : at + 24 + 4096] for at in range(32, len(log), 24 + 4096)]
    for page in (each for each in found if len(each) == 4096):
        for start in (0, 16):  # the first page begins with the salt
            decryptor = Cipher(algorithms.AES(key), modes.CBC(page[4016:4032])).decryptor()
            plain += decryptor.update(page[start:4016]) + decryptor.finalize()
    return plain


def dump(workspace: Workspace) -> str:
    """Every row of every table, as the connection gives it."""
    connection = workspace._connect()
    tables = [*SQLModel.metadata.tables, "journal"]
    rows = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables]
    connection.close()
    return repr(rows)


def sealed_values(workspace: Workspace) -> list[bytes]:
    connection = workspace._connect()
    rows = connection.execute("SELECT sealed FROM timeline UNION ALL SELECT sealed FROM fact").fetchall()
    wrapped = connection.execute("SELECT wrapped FROM member").fetchall()
    connection.close()
    return [bytes(each[0])[30:60] for each in (*rows, *wrapped)]


def test_twenty_canaries_are_nowhere_after_a_purge(ana: Desk, tmp_path: Path) -> None:
    path = ana.workspace.path
    other = an_incident(ana, title="stays as it is")
    incident = an_incident_full_of_canaries(ana, tmp_path)
    (path / "backups").mkdir(exist_ok=True)
    (path / "backups" / "before-0002-from-0001.db").write_bytes(b"set aside by a migration")
    sealed, objects = sealed_values(ana.workspace), [each.name for each in (path / "evidence").glob("??/*")]
    before = pages(ana.workspace)
    assert CANARIES[18].encode() in before
    assert sealed[-1] in before
    done = purge_incident(ana, incident, reason="time is up", now=LONG_AFTER)
    assert (done.purged.files, done.purged.residue) == (4, "")
    after, rows = pages(ana.workspace), dump(ana.workspace)
    left = sealed_values(ana.workspace)
    assert 0 < len(left) < len(sealed)
    assert [each for each in sealed if each in after] == [each for each in sealed if each in left]
    raw = b"".join(each.read_bytes() for each in path.rglob("*") if each.is_file())
    for canary in CANARIES:
        assert canary.encode() not in after
        assert canary not in rows
        assert canary.encode() not in raw
    names = {each.name for each in path.rglob("*")}
    assert not names & {*objects, PENDING, "before-0002-from-0001.db"}
    assert ana.workspace.verify().problems == ()
    assert [each.id for each in incidents(ana)] == [other.id]


def test_the_journal_keeps_who_deleted_and_why_and_no_number_comes_back(ana: Desk) -> None:
    an_incident(ana)
    incident = ended(ana, an_incident(ana, title="second"))
    purge_incident(ana, incident, reason="time is up", now=LONG_AFTER)
    entry = ana.workspace.entries(incident.id)[-1]
    assert (entry.act, entry.by, entry.detail) == (ACT, ana.me.id, {"references": ["INC-2026-0002"], "reason": "time is up"})
    with ana.workspace.reading() as session:
        assert purged_references(session) == {"INC-2026-0002"}


def test_the_copies_that_remain_are_named_with_what_opens_them(ana: Desk, tmp_path: Path) -> None:
    empty = back_up(ana, tmp_path / "empty", now=NOW)
    incident = ended(ana, an_incident(ana))
    full = back_up(ana, tmp_path / "full", now=NOW + timedelta(days=1))
    lost = back_up(ana, tmp_path / "lost", now=NOW + timedelta(days=2))
    lost.report.folder.rename(tmp_path / "on a shelf")
    done = purge_incident(ana, incident, reason="time is up", now=LONG_AFTER)
    assert [(each.copy.folder, each.is_there) for each in done.remaining] == [
        (str(full.report.folder), True),
        (str(lost.report.folder), False),
    ]
    assert "its recovery code" in done.remaining[0].opened_by
    assert str(empty.report.folder) not in [each.copy.folder for each in done.remaining]


def test_a_purge_that_was_interrupted_is_finished(
    ana: Desk, pristine: Pristine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = an_incident_full_of_canaries(ana, tmp_path)
    monkeypatch.setattr("incident.store.purge._finish", lambda workspace: (0, "the power went"))
    purge_incident(ana, incident, reason="time is up", now=LONG_AFTER)
    monkeypatch.undo()
    assert len(list((ana.workspace.path / "evidence").glob("??/*"))) == 4
    again = reopened(ana.workspace.path, pristine.ana)
    assert finish(again) == ""
    assert list((ana.workspace.path / "evidence").glob("??/*")) == []
    assert CANARIES[18].encode() not in pages(again.workspace)
    again.close()


def test_a_purge_that_never_began_is_forgotten_and_loses_nothing(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident_full_of_canaries(ana, tmp_path)
    objects = [each.name for each in (ana.workspace.path / "evidence").glob("??/*")]
    (ana.workspace.path / PENDING).write_text(json.dumps({"incidents": [incident.id.hex], "objects": objects}))
    assert finish(ana) == ""
    assert len(list((ana.workspace.path / "evidence").glob("??/*"))) == 4
    assert not (ana.workspace.path / PENDING).exists()


def test_a_hold_can_be_placed_by_any_member_and_is_sealed(ana: Desk, leo: Desk) -> None:
    incident = close_as_false_alarm(ana, an_incident(ana), reason="was none", now=NOW)
    place_hold(leo, incident, reason="letter of the court", now=NOW)
    assert [each.reason for each in holds(ana)] == ["letter of the court"]
    assert "letter of the court" not in dump(ana.workspace)
