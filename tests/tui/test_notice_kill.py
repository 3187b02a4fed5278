"""A real terminal (tmux): the program is killed in the middle of a sentence, also while the editor is open; nothing is lost."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from incident.usecases.notices import NewNotice, begin
from incident.usecases.unsaved_text import unsaved
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


def wait_for(socket: list[str], text: str) -> None:
    """Until this stands on the screen."""
    shown = ""
    for _ in range(300):
        shown = subprocess.run([*socket, "capture-pane", "-p"], capture_output=True, text=True, check=False).stdout
        if text in shown:
            return
        time.sleep(0.1)
    raise AssertionError(f"«{text}» never appeared:\n{shown}")


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
    socket = ["tmux", "-S", str(tmp_path / "socket")]
    command = f"EDITOR={editor} exec {sys.executable} -m incident open --vault {desk.workspace.path}"

    def keys(*typed: str) -> None:
        subprocess.run([*socket, "send-keys", *typed], check=True)

    def opened() -> int:
        subprocess.run([*socket, "new-session", "-d", "-x", "100", "-y", "30", "-s", "s", command], check=True)
        wait_for(socket, "Passphrase")
        keys("-l", PASSPHRASE)
        keys("Enter")
        keys("Enter")  # the incident
        keys("-l", "n")
        wait_for(socket, "Customers")
        keys("Enter")  # the notice
        wait_for(socket, "copy out")
        keys("Enter")  # its first field
        wait_for(socket, "f4 editor")
        shown = subprocess.run([*socket, "display-message", "-p", "#{pane_pid}"], capture_output=True, text=True, check=True)
        return int(shown.stdout)

    try:
        process = opened()
        keys("-l", "Somebody read our mail")
        assert is_kept(desk.workspace.path, notice_id, "Somebody read our mail")
        os.kill(process, signal.SIGKILL)
        time.sleep(0.5)
        process = opened()
        wait_for(socket, "Somebody read our mail")
        keys("F4")
        assert is_kept(desk.workspace.path, notice_id, "Saved by the editor.")
        os.kill(process, signal.SIGKILL)
        assert is_kept(desk.workspace.path, notice_id, "Saved by the editor.")
    finally:
        subprocess.run([*socket, "kill-server"], check=False, capture_output=True)
