"""What tests share: a fixed instant, a real vault in a temporary folder, and builders that speak the domain."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from incident.domain.facts import Facts
from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.store.keys import FLOOR
from incident.usecases.assess import Law, load_law
from incident.usecases.desk import Desk
from incident.usecases.facts import Statement, record_fact
from incident.usecases.incidents import Declaration, declare
from incident.usecases.people import invite
from incident.usecases.vaults import NewResponder, prepare, unlock

# A property holds or it does not; how long the first look takes (holiday tables, regime files) is the benchmarks' to say.
settings.register_profile("incident", deadline=None)
settings.load_profile("incident")

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
PASSPHRASE = "six plain words for the tests"
ZONE = "Europe/Berlin"


@pytest.fixture(autouse=True)
def _own_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the user's own playbooks."""
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path / "no-content"))


@pytest.fixture(autouse=True)
def _at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types a command that asks for the passphrase itself types it; `test_step_up` looks at the asking."""
    monkeypatch.setattr("incident.cli.access._asked", lambda command, prompt: PASSPHRASE)


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law()


def facts_of(law: Law, document: dict[str, object]) -> Facts:
    return law.facts(document, source="this test")


def a_vault(folder: Path) -> Desk:
    """A vault of an invented German controller, with Ana (administers) at the desk and Leo (may approve) invited."""
    pending = prepare(
        folder / "vault",
        organisation=Organisation(
            name="Nordlicht (invented)",
            legal_name="Nordlicht GmbH (invented)",
            address="Beispielstraße 12\n10115 Berlin\nGermany",
            contact_email="desk@nordlicht.example",
            contact_phone="+49 30 5550 0100",
            dpo_name="DPO (invented)",
            dpo_email="privacy@nordlicht.example",
            timezone=ZONE,
            roles=("controller",),
            sectors=(),
            established_in=("DE",),
            offers_in_uk="no",
            card_data_contract="no",
        ),
        founder=NewResponder("Ana Ruiz (invented)", "ana", Function.IT, zone=ZONE),
        passphrase=PASSPHRASE,
        cost=FLOOR,
    )
    desk = pending.confirm(pending.recovery_code, now=NOW)
    leo = NewResponder("Leo Stein (invented)", "leo", Function.LEGAL, zone=ZONE)
    invite(desk, leo, passphrase=PASSPHRASE, may_approve=True, now=NOW)
    return desk


@pytest.fixture(scope="session")
def _a_closed_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault as `a_vault` makes it, made once: deriving keys is what making one costs."""
    desk = a_vault(tmp_path_factory.mktemp("made"))
    desk.close()
    return desk.workspace.path


@pytest.fixture
def ana(tmp_path: Path, _a_closed_vault: Path) -> Iterator[Desk]:
    shutil.copytree(_a_closed_vault, tmp_path / "vault")
    desk = unlock(tmp_path / "vault", sign_in="ana", passphrase=PASSPHRASE)
    yield desk
    desk.close()


@pytest.fixture
def leo(ana: Desk) -> Iterator[Desk]:
    desk = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    yield desk
    desk.close()


def an_incident(desk: Desk, *, title: str = "A mailbox was read", playbook: str = "personal-data-breach") -> Incident:
    aware = said("2026-03-02 09:00", now=NOW, zone=ZONE)
    return declare(desk, Declaration(title, playbook, "ana", aware=aware, detected=aware), now=NOW)


def say(desk: Desk, incident: Incident, key: str, text: str, *, basis: str = "", now: datetime = NOW) -> None:
    record_fact(desk, incident, Statement(key, text, "a test", basis=basis), now=now, zone=ZONE)


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Type a command as Ana (or `who`), whose shell names the vault and a passphrase file: status, output, errors."""
    from incident.cli.app import main

    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    monkeypatch.setenv("INCIDENT_VAULT", str(ana.workspace.path))
    monkeypatch.setenv("INCIDENT_PASSPHRASE_FILE", str(secret))
    monkeypatch.setenv("INCIDENT_AS", "ana")

    def typed(*words: str, who: str = "ana") -> tuple[int, str, str]:
        monkeypatch.setenv("INCIDENT_AS", who)
        status = main(list(words))
        out = capsys.readouterr()
        return status, out.out, out.err

    return typed
