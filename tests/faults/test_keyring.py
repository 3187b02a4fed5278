"""F9. Every state a keyring can be in: the passphrase path works, and no secret is written into a file."""

import base64
import os
import types
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, PasswordSetError

from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import RefusedError
from incident.store.device import system_device_store
from incident.store.keys import FLOOR
from incident.store.workspace import slots
from incident.usecases.desk import Desk
from incident.usecases.vaults import NewResponder, prepare, recover, unlock
from tests.conftest import NOW, PASSPHRASE


class Wallet:
    """A desktop's keyring that works; its module says which desktop."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.held[service, name] = secret


class Locked(Wallet):
    """Locked, and there is nobody to unlock it."""

    def get_password(self, service: str, name: str) -> str | None:
        raise KeyringLocked("failed to unlock the collection")

    def set_password(self, service: str, name: str, secret: str) -> None:
        raise KeyringLocked("failed to unlock the collection")


class Denied(Wallet):
    """Reading finds nothing, writing is refused."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        raise PasswordSetError("access denied")


class Dismissed(Wallet):
    """The prompt was dismissed."""

    def get_password(self, service: str, name: str) -> str | None:
        raise InitError("failed to create the collection: prompt dismissed")

    set_password = Denied.set_password


class Forgetful(Wallet):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        del service, name, secret


class Twisting(Wallet):
    """Gives back another value than it was given."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.held[service, name] = base64.b64encode(b"another secret than the one kept").decode()


class Plaintext(Wallet):
    """What keyrings.alt does: base64 in a file of the user's, without a word."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        (Path.home() / "keyring_pass.cfg").write_text(secret)
        super().set_password(service, name, secret)


def of_desktop(kind: type[Wallet], module: str) -> Wallet:
    """A keyring whose class comes from this module."""
    made: Wallet = type(kind.__name__, (kind,), {"__module__": module})()
    return made


SECRET_SERVICE, KWALLET = "keyring.backends.SecretService", "keyring.backends.kwallet"
STATES: dict[str, Callable[[], object]] = {
    "absent": fail.Keyring,
    "null": null.Keyring,
    "locked": lambda: of_desktop(Locked, SECRET_SERVICE),
    "denied": lambda: of_desktop(Denied, SECRET_SERVICE),
    "dismissed": lambda: of_desktop(Dismissed, SECRET_SERVICE),
    "forgetful": lambda: of_desktop(Forgetful, KWALLET),
    "wrong value": lambda: of_desktop(Twisting, KWALLET),
    "plaintext": lambda: of_desktop(Plaintext, "keyrings.alt.file"),
    "plaintext first in a chain": lambda: types.SimpleNamespace(
        backends=[of_desktop(Plaintext, "keyrings.alt.file"), of_desktop(Wallet, SECRET_SERVICE)]
    ),
}


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Make a keyring the desktop's, in a home folder of this test's own."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def use(backend: object) -> None:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        for name in ("get_password", "set_password"):
            monkeypatch.setattr(
                keyring, name, getattr(backend, name, getattr(getattr(backend, "backends", [None])[0], name, None))
            )

    return use


def created(folder: Path) -> tuple[Desk, str]:
    founder = NewResponder("Ana (invented)", "ana", Function.IT)
    pending = prepare(
        folder / "vault",
        organisation=Organisation("N"),
        founder=founder,
        passphrase=PASSPHRASE,
        device=system_device_store(),
        cost=FLOOR,
    )
    return pending.confirm(pending.recovery_code, now=NOW), pending.recovery_code


@pytest.mark.parametrize("state", STATES)
def test_where_no_keyring_really_keeps_a_secret_the_passphrase_alone_opens(
    tmp_path: Path, desktop: Callable[[object], None], state: str
) -> None:
    desktop(STATES[state]())
    desk, _ = created(tmp_path)
    desk.close()
    assert [each.kind for each in slots(desk.workspace.path)] == ["passphrase", "recovery"]
    unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE, device=system_device_store()).close()
    assert os.listdir(tmp_path / "home") == []


def test_a_working_keyring_becomes_the_second_factor(tmp_path: Path, desktop: Callable[[object], None]) -> None:
    desktop(of_desktop(Wallet, SECRET_SERVICE))
    desk, _ = created(tmp_path)
    desk.close()
    assert slots(desk.workspace.path)[0].kind == "passphrase+device"
    unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE, device=system_device_store()).close()


@pytest.mark.parametrize("later", ["changed desktop", "locked", "absent", "wrong value", "garbage"])
def test_a_keyring_that_no_longer_has_the_secret_leads_to_the_recovery_code(
    tmp_path: Path, desktop: Callable[[object], None], later: str
) -> None:
    desktop(of_desktop(Wallet, SECRET_SERVICE))
    desk, code = created(tmp_path)
    desk.close()
    other = of_desktop(Wallet, KWALLET)
    if later in ("wrong value", "garbage"):
        text = base64.b64encode(b"x" * 32).decode() if later == "wrong value" else "not base64 !"
        other.held["incident", desk.workspace.vault_id] = text
    desktop(STATES[later]() if later in ("locked", "absent") else other)
    with pytest.raises(RefusedError, match="does not open") as refused:
        unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE, device=system_device_store())
    assert "recover" in refused.value.hint
    mended = recover(
        desk.workspace.path,
        code=code,
        sign_in="ana",
        new_passphrase="another one of six words",
        now=NOW,
        device=system_device_store(),
        cost=FLOOR,
    )
    assert mended.workspace.verify().problems == ()
    mended.close()
    unlock(mended.workspace.path, sign_in="ana", passphrase="another one of six words", device=system_device_store()).close()
    assert os.listdir(tmp_path / "home") == []
