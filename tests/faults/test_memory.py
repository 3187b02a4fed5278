"""F8. Locked means: neither key nor passphrase nor anything that was shown is in the process any more."""

import sys
from pathlib import Path

import pytest

from incident.store.keys import subkey
from incident.usecases.timeline import log
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident
from tests.faults.canaries import canary
from tests.faults.memory import Terminal, hits
from tests.faults.vaults import opened_slot

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")


def test_after_the_lock_the_process_holds_neither_keys_nor_words(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    log(desk, an_incident(desk, title=canary(1)), canary(2), now=NOW)
    desk.close()
    opened = opened_slot(desk.workspace.path)
    key = subkey(opened.master, "db")
    keys = {"master key": opened.master, "database key": key, "its digits": key.hex().encode(), "signing key": opened.signing}
    words = {"passphrase": PASSPHRASE.encode(), "title": canary(1).encode(), "line": canary(2).encode()}
    terminal = Terminal(desk.workspace.path)
    try:
        terminal.wait("Passphrase")
        terminal.settle()
        terminal.type(PASSPHRASE + "\r")
        terminal.wait(canary(1))
        terminal.type("\r")
        terminal.wait("Clocks")
        terminal.settle()
        terminal.type("t")
        terminal.wait(canary(2))
        before = hits(terminal.process.pid, keys | words)
        terminal.forget()
        terminal.type("\x0c")
        terminal.wait("Passphrase")
        terminal.settle()
        assert terminal.process.poll() is None
        after = hits(terminal.process.pid, keys | words)
    finally:
        terminal.end()
    assert before["master key"] + before["database key"] + before["its digits"] > 0
    assert before["title"] > 0
    assert before["line"] > 0
    assert after == dict.fromkeys(after, 0)
