"""A real terminal (tmux): the program is killed in the middle of a sentence, also while the editor is open; nothing is lost."""

import os
import signal
import sys
import time
from pathlib import Path
from uuid import UUID

from incident.usecases.notices import NewNotice, begin
from incident.usecases.unsaved_text import unsaved
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident
from tests.terminal import Terminal, a_terminal, needs_tmux

pytestmark = needs_tmux


def is_kept(vault: Path, notice_id: UUID, wanted: str) -> bool:
    """Whether the vault holds this text as typed and not recorded, in a while."""
    for _ in range(100):
        again = unlock(vault, sign_in="ana", passphrase=PASSPHRASE)
        held = unsaved(again, notice_id).get("what_happened")
        again.close()
        if held is not None and held.text == wanted:
            return True
        time.sleep(0.2)
    return False


def test_a_kill_in_the_middle_of_a_sentence_loses_nothing(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    incident = an_incident(desk)
    notice_id = begin(
        desk, incident, NewNotice("gdpr-individuals", language="en", recipient_name="Customers"), now=NOW
    ).notice.id
    desk.close()
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "Saved by the editor." > "$1"\nsleep 60\n')
    editor.chmod(0o755)
    command = f"EDITOR={editor} exec {sys.executable} -m incident open --vault {desk.workspace.path}"

    def opened(terminal: Terminal) -> int:
        terminal.start(command, columns=100, lines=30)
        terminal.wait("Passphrase")
        terminal.keys("-l", PASSPHRASE)
        terminal.keys("Enter")
        terminal.keys("Enter")  # the incident
        terminal.keys("-l", "n")
        terminal.wait("Customers")
        terminal.keys("Enter")  # the notice
        terminal.wait("copy out")
        terminal.keys("Enter")  # its first field
        terminal.wait("f4 editor")
        return terminal.process()

    with a_terminal(tmp_path) as terminal:
        process = opened(terminal)
        terminal.keys("-l", "Somebody read our mail")
        assert is_kept(desk.workspace.path, notice_id, "Somebody read our mail")
        os.kill(process, signal.SIGKILL)
        terminal.wait_for_end()
        process = opened(terminal)
        terminal.wait("Somebody read our mail")
        terminal.keys("F4")
        assert is_kept(desk.workspace.path, notice_id, "Saved by the editor.")
        os.kill(process, signal.SIGKILL)
        assert is_kept(desk.workspace.path, notice_id, "Saved by the editor.")
