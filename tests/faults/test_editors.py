"""F13. Two processes of four threads each edit one row: no update is lost, and whoever came late is told."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from incident.errors import RefusedError
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault
from tests.faults.editors import looked_at
from tests.faults.outcome import rounds


def test_no_update_is_lost_between_processes_and_threads(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    times = rounds(4, 100)
    words = [sys.executable, "-m", "tests.faults.editors", str(desk.workspace.path), str(times), "4"]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [each.communicate() for each in both]
    assert [each.returncode for each in both] == [0, 0], ended
    saved = sum(json.loads(out)[0] for out, _ in ended)
    refused = sum(json.loads(out)[1] for out, _ in ended)
    with desk.workspace.reading() as session:
        counter = int(looked_at(session).phone)
    assert saved == 2 * 4 * times == counter
    assert refused > 0
    assert desk.workspace.verify().problems == ()
    acts = [each.act for each in desk.workspace.entries()]
    assert acts.count("test.edit") == saved
    desk.close()


def test_whoever_saves_second_gets_the_sentence_and_the_first_text_stays(tmp_path: Path) -> None:
    ana = a_vault(tmp_path)
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    with ana.workspace.reading() as one, leo.workspace.reading() as two:
        mine, theirs = looked_at(one), looked_at(two)
    mine.phone, theirs.phone = "+49 30 1", "+49 30 2"
    with ana.workspace.change("test.edit", now=NOW) as session:
        session.merge(mine)
    before = leo.workspace.head()
    with (
        pytest.raises(RefusedError, match="Somebody else changed this meanwhile") as refused,
        leo.workspace.change("test.edit", now=NOW) as session,
    ):
        session.merge(theirs)
    assert "repeat" in refused.value.hint
    assert leo.workspace.head() == before
    with leo.workspace.reading() as session:
        assert looked_at(session).phone == "+49 30 1"
    leo.close()
    ana.close()
