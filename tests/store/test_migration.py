"""Vaults that earlier versions wrote: brought to today's schema they lose nothing, and the journal still holds."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from incident.domain.responder import Function
from incident.errors import IncidentError
from incident.store.migrate import HEAD
from incident.usecases.desk import Desk
from incident.usecases.guide_situation import step_records
from incident.usecases.incidents import incident_named
from incident.usecases.people import invite
from incident.usecases.timeline import log, timeline
from incident.usecases.vaults import NewResponder, unlock
from tests.conftest import NOW, PASSPHRASE

OLD = Path(__file__).parent / "vaults"
"""Vaults with one incident, two acts on steps and two responders, written by the program of that schema."""
LATER = NOW + timedelta(days=1)


def opened(folder: Path, schema: str) -> Desk:
    path = folder / "vault"
    shutil.copytree(OLD / schema, path)
    return unlock(path, sign_in="ana", passphrase=PASSPHRASE, now=LATER)


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_an_older_vault_opens_with_all_it_held_and_a_journal_that_holds(tmp_path: Path, schema: str) -> None:
    desk = opened(tmp_path, schema)
    incident = incident_named(desk, "INC-2026-0001")
    assert desk.workspace.verify().problems == ()
    assert [each.step for each in step_records(desk, incident)] == ["open-log", "set-severity"]
    log(desk, incident, "after the upgrade", now=LATER)
    invite(desk, NewResponder("Kim Osei (invented)", "kim", Function.IT), passphrase=PASSPHRASE, may_approve=False, now=LATER)
    assert desk.workspace.verify().problems == ()
    assert timeline(desk, incident)[-1].text == "after the upgrade"
    assert (desk.workspace.path / "backups" / f"before-{HEAD}-from-{schema}.db").exists()


def test_a_column_that_came_later_does_not_hide_a_change(tmp_path: Path) -> None:
    desk = opened(tmp_path, "0002")
    connection = desk.workspace._connect()
    connection.execute("DROP TRIGGER journal_responder_update")
    connection.execute("DROP TRIGGER journal_step_update")
    connection.execute("UPDATE responder SET hours = 'never' WHERE sign_in = 'leo'")
    connection.execute("UPDATE step SET defaulted = 1 WHERE step = 'open-log'")
    connection.commit()
    problems = desk.workspace.verify().problems
    assert len([each for each in problems if "differs from what entry" in each]) == 2, problems


def test_a_vault_of_a_newer_program_is_refused_unchanged(tmp_path: Path) -> None:
    desk = opened(tmp_path, "0002")
    connection = desk.workspace._connect()
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    desk.close()
    with pytest.raises(IncidentError, match="newer version"):
        unlock(tmp_path / "vault", sign_in="ana", passphrase=PASSPHRASE, now=LATER)
