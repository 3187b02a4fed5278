"""A process killed at any moment: everything it acknowledged is there, and the journal holds."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from incident.usecases.timeline import timeline
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE, a_vault, an_incident

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log
from incident.usecases.vaults import unlock

desk = unlock(Path(sys.argv[1]), sign_in="ana", passphrase=sys.argv[2])
incident = incident_named(desk, "last")
number = int(sys.argv[3])
while True:
    number += 1
    log(desk, incident, f"line {number}", now=datetime.now(UTC))
    print(number, flush=True)
"""
KILLS = 100


def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    an_incident(desk)
    desk.close()
    path, chance, acknowledged = desk.workspace.path, random.Random(20260824), 0
    kills = 0
    while kills < KILLS:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), PASSPHRASE, str(acknowledged)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(chance.randint(1, 6)):
            line = child.stdout.readline()
            acknowledged = int(line)
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
        acknowledged = max([acknowledged, *(int(each) for each in rest if each.strip().isdigit())])
        child.wait()
        kills += 1
        if kills % 25 == 0:
            acknowledged = _check(path, acknowledged)


def _check(path: Path, acknowledged: int) -> int:
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    from incident.usecases.incidents import incident_named

    texts = {each.text for each in timeline(desk, incident_named(desk, "last")) if each.text.startswith("line ")}
    report = desk.workspace.verify()
    desk.close()
    assert {f"line {number}" for number in range(1, acknowledged + 1)} <= texts
    assert report.problems == ()
    return max(int(each.split()[1]) for each in texts)
