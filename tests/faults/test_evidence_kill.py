"""A process killed while it keeps evidence: no row without its file, everything acknowledged is there, the rest is swept."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from incident.usecases.evidence import evidence
from incident.usecases.evidence_reading import tidy_evidence, verify_evidence
from incident.usecases.incidents import incident_named
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

ROUNDS = int(os.environ.get("INCIDENT_FAULT_ROUNDS", "20"))

# One process loads the program and forks a writer per round: a round costs an unlock, not a start.
CHILD = """
import os, sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.incidents import incident_named
from incident.usecases.vaults import unlock

def work(number):
    desk = unlock(Path(sys.argv[1]), sign_in="ana", passphrase=sys.argv[2])
    incident = incident_named(desk, "last")
    while True:
        number += 1
        content = number.to_bytes(4, "big") * (number * 7919 % 100_000)
        item = add_evidence(desk, incident, BytesIO(content + b"."), Offered(f"file {number}"), now=datetime.now(UTC))
        print(number, item.sha256, flush=True)

for line in sys.stdin:
    writer = os.fork()
    if writer == 0:
        work(int(line))
    print("writer", writer, flush=True)
    os.waitpid(writer, 0)
    print("gone", flush=True)
"""


def test_no_row_is_without_its_file_wherever_the_kill_falls(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    an_incident(desk)
    desk.close()
    path, chance, acknowledged = desk.workspace.path, random.Random(20261123), dict[str, str]()
    words = [sys.executable, "-c", CHILD, str(path), PASSPHRASE]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        for number in range(ROUNDS):
            _round(parent, number * 1000, chance, acknowledged)
            if number % 20 == 19 or number == ROUNDS - 1:
                _check(path, acknowledged)
        assert parent.stdin is not None
        parent.stdin.close()
    assert len(acknowledged) >= ROUNDS


def _round(parent: "subprocess.Popen[str]", first: int, chance: random.Random, acknowledged: dict[str, str]) -> None:
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write(f"{first}\n")
    parent.stdin.flush()
    writer, wanted, read = 0, chance.randint(1, 3), 0
    for line in parent.stdout:
        match line.split():
            case ["writer", pid]:
                writer = int(pid)
            case ["gone"]:
                return
            case [_, digest]:
                acknowledged[digest] = line
                read += 1
        if writer and read == wanted:
            time.sleep(chance.random() * 0.01)
            os.kill(writer, signal.SIGKILL)
            read = 10**9


def _check(path: Path, acknowledged: dict[str, str]) -> None:
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    try:
        incident = incident_named(desk, "last")
        found = evidence(desk, incident)
        assert set(acknowledged) <= {each.sha256 for each in found}
        problems = [verify_evidence(desk, incident, each, now=NOW).problem for each in found]
        assert problems == [""] * len(found)
        tidy_evidence(desk, now=NOW + timedelta(days=36500))
        rest = {each.name for each in (path / "evidence").rglob("*") if each.is_file() and each.name != ".lock"}
        assert {each.object for each in found} <= rest
        assert not any(name.endswith(".part") for name in rest)
        assert desk.workspace.verify().problems == ()
    finally:
        desk.close()
