"""A real terminal (tmux): the guide by hand — a step done, a question answered, the next step there; searched; left."""

import sys
from pathlib import Path

from incident.usecases.facts import fact_records
from incident.usecases.guide_situation import step_records
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE, a_vault, an_incident
from tests.terminal import a_terminal, needs_tmux

pytestmark = needs_tmux


def test_do_answer_search_and_leave_in_a_real_terminal(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    incident = an_incident(desk, title="Seen in a real terminal", playbook="ransomware")
    desk.close()
    with a_terminal(tmp_path) as terminal:
        terminal.start(f"{sys.executable} -m incident open --vault {desk.workspace.path}")
        terminal.wait("Passphrase")
        terminal.keys("-l", PASSPHRASE)
        terminal.keys("Enter")
        terminal.keys("Enter")
        terminal.wait("▶ NOW")
        terminal.keys("/")
        terminal.keys("-l", "log")
        terminal.keys("Enter")
        terminal.wait("with «log»")
        terminal.keys("Escape")
        terminal.wait("Guide 0/")
        terminal.keys("Home")
        terminal.wait("Open the log")
        terminal.keys("d")
        terminal.wait("Done: Open the log")
        terminal.keys("C-s")
        terminal.wait("Guide 1/")
        terminal.keys("v")
        terminal.wait("· mine:")
        terminal.keys("Escape")
        terminal.keys("Home")
        terminal.keys("i")  # the first step asks how it was found out
        terminal.wait("Question 1 of")
        terminal.keys("-l", "a call from the help desk")
        terminal.keys("C-s")
        terminal.keys("C-q")
        terminal.wait_for_end()
    desk = unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    assert [each.step for each in step_records(desk, incident)] == ["open-log"]
    assert any(each.value == "a call from the help desk" for each in fact_records(desk, incident))
    desk.close()
