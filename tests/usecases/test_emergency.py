"""The emergency export: the whole record by reading alone, without the journal's writer, for who holds the keys."""

import subprocess
import sys
from pathlib import Path

import pytest

from incident.__main__ import main
from incident.domain.moment import said
from incident.domain.responder import Role
from incident.errors import RefusedError
from incident.store.read_only import read_only
from incident.usecases.desk import Desk
from incident.usecases.emergency import emergency_record
from incident.usecases.filings import Sent, record_filing
from incident.usecases.incidents import Declaration, declare
from incident.usecases.people import change_responder
from incident.usecases.roles import assign
from incident.usecases.timeline import log
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident, say

CODE = """
import sys
from incident.cli.app import main
status = main(sys.argv[1:])
loaded = [each for each in ("incident.store.journal", "incident.store.workspace", "alembic") if each in sys.modules]
sys.exit(status or 90 + len(loaded) if loaded else status)
"""


def a_record(desk: Desk) -> None:
    incident = an_incident(desk)
    change_responder(desk, "leo", phone="+49 30 5550 0199", now=NOW)
    assign(desk, incident, Role.LEGAL, "leo", now=NOW)
    say(desk, incident, "risk.individuals", "high", basis="passwords were in it")
    log(desk, incident, "the mailbox rule was removed", now=NOW)
    log(desk, incident, "counsel's advice", now=NOW, privileged=True)
    sent = Sent("telephone", obligation="eu-gdpr/authority", recipient="BfDI", reference="AZ 17")
    record_filing(desk, incident, sent, said("2026-03-02 10:00", now=NOW, zone=ZONE), now=NOW)


def test_the_record_is_whole_and_reading_it_changes_nothing(ana: Desk) -> None:
    a_record(ana)
    before = {each: each.stat().st_mtime_ns for each in ana.workspace.path.rglob("*")}
    vault = read_only(ana.workspace.path, ana.workspace.slots.opened)
    text = "\n".join(emergency_record(vault, "", now=NOW))
    vault.close()
    for words in (
        "A mailbox was read",
        "| Leo Stein (invented) | legal | +49 30 5550 0199 |",
        "passwords were in it",
        "the mailbox rule was removed",
        "[privileged]: counsel's advice",
        "to BfDI by telephone, reference AZ 17",
        "2026-03-02 15:02 Europe/Berlin",
        "GDPR",
    ):
        assert words in text
    assert {each: each.stat().st_mtime_ns for each in ana.workspace.path.rglob("*")} == before


def test_who_holds_no_key_gets_nothing(ana: Desk, leo: Desk) -> None:
    declare(ana, Declaration("Only Ana", "personal-data-breach", "ana", members=("ana",)), now=NOW)
    vault = read_only(leo.workspace.path, leo.workspace.slots.opened)
    with pytest.raises(RefusedError, match="not clear|sealed"):
        list(emergency_record(vault, "1", now=NOW))
    vault.close()


def test_the_command_loads_nothing_that_writes(ana: Desk, tmp_path: Path) -> None:
    a_record(ana)
    ana.close()
    words = tmp_path / "words"
    words.write_text(PASSPHRASE)
    options = ["--vault", str(ana.workspace.path), "--as", "leo", "--passphrase-file", str(words)]
    done = subprocess.run(
        [sys.executable, "-c", CODE, "export", "emergency", "--to", "-", *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# INC-2026-0001")
    target = tmp_path / "record.md"
    assert main(["export", "emergency", "--to", str(target), *options]) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert main(["export", "emergency", "--to", str(target), *options]) == 1
