"""Need-to-know by keys: who is no member reads nothing, whatever asks; who leaves reads nothing new."""

from pathlib import Path

import pytest

from incident.domain.membership import Circle
from incident.domain.moment import said
from incident.domain.permission import RULES, Capability, Standing, may
from incident.domain.profile import Profile, entries_for, names_for
from incident.domain.responder import Function, Role
from incident.errors import RefusedError, StoreError
from incident.store.engine import DATABASE, connector
from incident.store.journal import create_triggers
from incident.store.keys import subkey
from incident.store.recovery import ONE_CODE
from incident.store.seals import montgomery_private, montgomery_public
from incident.usecases.board import board
from incident.usecases.desk import Desk, names
from incident.usecases.incidents import Declaration, declare, incident_named, incidents
from incident.usecases.members import let_in, let_out, members
from incident.usecases.people import invite
from incident.usecases.roles import assign
from incident.usecases.timeline import log, timeline
from incident.usecases.vaults import NewResponder, new_papers, recover, renew_recovery, unlock
from tests.conftest import NOW, PASSPHRASE, ZONE, a_vault, an_incident

CANARY = "heron-canary-7781"


def restricted(desk: Desk) -> object:
    aware = said("2026-03-02 09:00", now=NOW, zone=ZONE)
    return declare(desk, Declaration(CANARY, "personal-data-breach", "ana", aware=aware, members=("ana",)), now=NOW)


def test_everybody_in_the_vault_reads_an_incident_unless_members_are_named(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana, title=CANARY)
    assert incident_named(leo, incident.reference).title == CANARY
    assert {each.name for each in members(ana, incident)} == {"Ana Ruiz (invented)", "Leo Stein (invented)"}


def test_a_stranger_sees_that_it_is_there_and_nothing_of_it(ana: Desk, leo: Desk) -> None:
    incident = restricted(ana)
    assert incidents(leo) == ()
    (line,) = board(leo, now=NOW)
    assert line.incident.hidden
    assert CANARY not in line.incident.title
    with pytest.raises(RefusedError, match="not one of its members"):
        incident_named(leo, incident.reference)  # type: ignore[attr-defined]
    with pytest.raises(RefusedError, match="sealed"):
        log(leo, incident, "a line", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="cannot read"):
        assign(ana, incident, Role.LEGAL, "leo", now=NOW)  # type: ignore[arg-type]


def test_with_the_database_key_alone_the_content_is_not_there(ana: Desk) -> None:
    incident = an_incident(ana, title=CANARY)
    log(ana, incident, f"the line of {CANARY}", now=NOW)
    raw = connector(ana.workspace.path / DATABASE, subkey(ana.workspace._master, "db"))()
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    dump = "\n".join(str(row) for table in tables for row in raw.execute(f'SELECT * FROM "{table}"').fetchall())
    raw.close()
    assert CANARY not in dump
    assert CANARY.encode().hex() not in dump.lower()


def test_who_is_let_in_reads_what_was_written_before(ana: Desk, leo: Desk) -> None:
    incident = restricted(ana)
    log(ana, incident, "written before", now=NOW)  # type: ignore[arg-type]
    let_in(ana, incident, "leo", counsel=False, now=NOW)  # type: ignore[arg-type]
    found = incident_named(leo, "last")
    assert found.title == CANARY
    assert any("written before" in each.text for each in timeline(leo, found))
    with pytest.raises(RefusedError, match="already"):
        let_in(ana, incident, "leo", counsel=False, now=NOW)  # type: ignore[arg-type]


def test_who_is_let_out_cannot_open_what_is_written_afterwards(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    let_out(ana, incident, "leo", only_counsel=False, now=NOW)
    log(ana, incident, "written afterwards", now=NOW)
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    assert incidents(leo) == ()
    leo.close()
    assert any("written afterwards" in each.text for each in timeline(ana, incident))
    with pytest.raises(RefusedError, match="Somebody must be able to read"):
        let_out(ana, incident, "ana", only_counsel=False, now=NOW)
    assert ana.workspace.verify().problems == ()


def test_privileged_lines_are_counsels_and_nobody_else_sees_that_they_are_there(ana: Desk) -> None:
    kim = NewResponder("Kim Osei (invented)", "kim", Function.IT, zone=ZONE)
    invite(ana, kim, passphrase=PASSPHRASE, may_approve=False, now=NOW)
    incident = an_incident(ana)
    log(ana, incident, "counsel's view of our exposure", now=NOW, privileged=True)
    for sign_in, seen in (("leo", True), ("kim", False)):
        desk = unlock(ana.workspace.path, sign_in=sign_in, passphrase=PASSPHRASE)
        assert any("exposure" in each.text for each in timeline(desk, incident)) is seen
        desk.close()
    kim_desk = unlock(ana.workspace.path, sign_in="kim", passphrase=PASSPHRASE)
    with pytest.raises(RefusedError, match="passage"):
        log(kim_desk, incident, "x", now=NOW, privileged=True)
    kim_desk.close()


def test_a_newcomer_reads_what_everybody_reads_and_not_what_is_restricted(ana: Desk) -> None:
    open_to_all, closed = an_incident(ana, title="for everybody"), restricted(ana)
    kim = NewResponder("Kim Osei (invented)", "kim", Function.IT, zone=ZONE)
    invite(ana, kim, passphrase=PASSPHRASE, may_approve=False, now=NOW)
    desk = unlock(ana.workspace.path, sign_in="kim", passphrase=PASSPHRASE)
    assert [each.title for each in incidents(desk)] == [open_to_all.title]
    assert closed is not None
    desk.close()


def test_the_recovery_code_opens_the_incidents_again(tmp_path: Path) -> None:
    from incident.domain.organisation import Organisation
    from incident.store.keys import FLOOR
    from incident.usecases.vaults import prepare

    founder = NewResponder("Ana (invented)", "ana", Function.IT, zone=ZONE)
    pending = prepare(
        tmp_path / "v", organisation=Organisation("N (invented)"), founder=founder, passphrase=PASSPHRASE, cost=FLOOR
    )
    desk = pending.confirm(pending.recovery_code, now=NOW)
    incident = an_incident(desk, title=CANARY)
    desk.close()
    again = recover(
        tmp_path / "v", code=pending.recovery_code, sign_in="ana", new_passphrase="seven new words for ana", now=NOW, cost=FLOOR
    )
    assert incident_named(again, incident.reference).title == CANARY
    fresh = again.workspace.slots.new_recovery_code()
    renew_recovery(again, fresh, fresh.code, now=NOW)
    again.close()
    third = recover(
        tmp_path / "v", code=fresh.code, sign_in="ana", new_passphrase="eight newer words for ana", now=NOW, cost=FLOOR
    )
    assert incident_named(third, incident.reference).title == CANARY
    assert third.workspace.verify().problems == ()
    third.close()


def test_a_value_moved_to_another_row_does_not_open(ana: Desk) -> None:
    first, second = an_incident(ana, title="one"), an_incident(ana, title="two")
    raw = connector(ana.workspace.path / DATABASE, subkey(ana.workspace._master, "db"))()
    raw.touched = []
    raw.execute(
        "UPDATE incident SET sealed = (SELECT sealed FROM incident WHERE id = ?) WHERE id = ?", (first.id.hex, second.id.hex)
    )
    raw.close()
    from incident.errors import StoreError

    with pytest.raises(StoreError, match="altered or moved"):
        incidents(ana)


def test_the_two_forms_of_a_key_belong_together(ana: Desk) -> None:
    seed = ana.workspace._signing.private_bytes_raw()
    public = montgomery_private(seed).public_key().public_bytes_raw()
    assert montgomery_public(ana.workspace.public_key).public_bytes_raw() == public


def test_every_capability_has_a_rule_and_a_stranger_has_none_of_an_incident(ana: Desk) -> None:
    assert set(RULES) == set(Capability)
    inside = set(Capability) - {Capability.APPROVE, Capability.ADMINISTER}
    assert not any(may(ana.me, each, Standing()) for each in inside)
    member = Standing(frozenset(), frozenset({Circle.TEAM}))
    assert may(ana.me, Capability.WRITE, member)
    assert not may(ana.me, Capability.READ_PRIVILEGED, member)


def test_profiles_leave_out_what_is_not_for_their_reader(ana: Desk) -> None:
    incident = an_incident(ana)
    log(ana, incident, "Ana Ruiz (invented) called the vendor", now=NOW)
    log(ana, incident, "privileged thought", now=NOW, privileged=True)
    entries, people = timeline(ana, incident), names(ana)
    regulator = entries_for(entries, Profile.REGULATOR, people)
    assert not any("thought" in each.text for each in regulator)
    assert any("called the vendor" in each.text for each in regulator)
    public = entries_for(entries, Profile.PUBLIC, people)
    assert not any("Ana Ruiz" in each.text for each in public)
    assert set(names_for(Profile.CUSTOMER, people).values()) == {"Person A", "Person B"}


def test_two_vaults_never_share_a_key(tmp_path: Path) -> None:
    one, other = a_vault(tmp_path / "a"), a_vault(tmp_path / "b")
    assert one.workspace._master != other.workspace._master
    one.close()
    other.close()


def test_nothing_is_sealed_for_a_key_that_somebody_put_in_a_colleagues_place(ana: Desk) -> None:
    """Whoever holds the database key can write a row past the journal; what is declared then must not be theirs to read."""
    connection = ana.workspace._connect()
    connection.execute("DROP TRIGGER journal_responder_update")
    connection.execute("UPDATE responder SET public_key = ? WHERE sign_in = 'leo'", (b"\x07" * 32,))
    create_triggers(connection)
    connection.close()
    with pytest.raises(StoreError, match="not the one that the vault's record vouches for"):
        an_incident(ana)
    assert incidents(ana) == ()


def test_only_who_administers_renews_the_recovery_code(ana: Desk) -> None:
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    with pytest.raises(RefusedError, match="may not"):
        new_papers(leo, ONE_CODE)
    pending = leo.workspace.slots.new_recovery_code()
    with pytest.raises(RefusedError, match="may not"):
        renew_recovery(leo, pending, pending.papers.texts[0], now=NOW)
