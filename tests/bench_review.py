"""What the register and the metrics cost among many closed incidents: processor time and memory, ten times as many beside them.

    python -m tests.bench_review [FEW] [MANY]        (else 1000 and 10000)

Linear: many cost as many times what few cost. Constant memory: the peak of both is the same, but for eight bytes a value.
"""

import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from incident.domain.fact_record import Confidence
from incident.domain.incident import IncidentStatus
from incident.domain.profile import Profile
from incident.store.tables import FactRow, FilingRow, IncidentRow
from incident.usecases.desk import Desk
from incident.usecases.metrics import metric_report
from incident.usecases.register import entries
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault

CHUNK = 250


def fill(desk: Desk, first: int, last: int) -> None:
    """Closed incidents with five facts and one filing each (invented)."""
    for start in range(first, last, CHUNK):
        with desk.workspace.change("bench.fill", now=NOW) as session:
            for number in range(start, min(start + CHUNK, last)):
                _add(desk, session, number)


def _add(desk: Desk, session: object, number: int) -> None:
    me, key, at = desk.me.id, uuid4(), NOW - timedelta(hours=number + 1)
    add, flush = session.add, session.flush  # type: ignore[attr-defined]
    row = IncidentRow(
        id=key, reference=f"INC-B-{number:05d}", code_name=f"Bench {number}", title=f"Case {number}", severity=2,
        status=IncidentStatus.CLOSED, playbook="ransomware", playbook_snapshot={}, declared_at=at, declared_by=me,
        ended_at=at + timedelta(days=1), ended_reason="done",
    )  # fmt: skip
    add(row)
    desk.workspace.found_incident(session, key, None, now=NOW)  # type: ignore[arg-type]
    flush()
    contained = (at + timedelta(minutes=number % 600)).isoformat()
    moments = {"at.detected": at.isoformat(), "at.aware": at.isoformat(), "at.contained": contained}
    for name, value in {**moments, "account.what_happened": "A mailbox was read. " * 3, "risk.individuals": "risk"}.items():
        add(
            FactRow(
                incident_id=key,
                key=name,
                value=value,
                source="log",
                confidence=Confidence.CONFIRMED,
                basis="grounds",
                by=me,
                recorded_at=at,
            )  # fmt: skip
        )
    sent = at + timedelta(hours=5)
    due = at + timedelta(hours=72)
    add(
        FilingRow(
            incident_id=key,
            obligation="eu-gdpr/authority@DE",
            filed_at=sent,
            recipient="BfDI",
            channel="portal",
            due_at=due,
            by=me,
        )  # fmt: skip
    )


def measure(vault: Path) -> None:
    """Seconds of the processor and the peak of traced memory, in a process of its own; the second run is measured."""
    desk = unlock(vault, sign_in="ana", passphrase=PASSPHRASE)
    metric_report(desk, since=NOW + timedelta(days=400))
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("metrics", lambda: metric_report(desk)),
        ("register", lambda: sum(1 for _ in entries(desk, Profile.PRIVILEGED))),
    )
    for name, act in acts:
        begun = time.process_time()
        act()
        took = time.process_time() - begun
        tracemalloc.start()
        act()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(f"{name:<10}{took:8.2f} s processor{peak:8.1f} MB peak", flush=True)
    desk.close()


def main() -> None:
    """Few, then many in the same vault."""
    few, many = (int(each) for each in (sys.argv[1:3] or ("1000", "10000")))
    with tempfile.TemporaryDirectory() as folder:
        before = 0
        for count in (few, many):
            desk = a_vault(Path(folder)) if not before else unlock(Path(folder) / "vault", sign_in="ana", passphrase=PASSPHRASE)
            fill(desk, before, count)
            desk.close()
            before = count
            print(f"{count} closed incidents", flush=True)
            subprocess.run([sys.executable, "-m", "tests.bench_review", "--measure", f"{folder}/vault"], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main()
