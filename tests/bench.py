"""Benchmarks as ratios against something run beside them: `make bench`. Seconds of one machine say little."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from incident.usecases.assess import load_law
from incident.usecases.timeline import log
from tests.conftest import a_vault, an_incident

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)


def took(act: Callable[[], object], times: int) -> float:
    """The median time of an act, in milliseconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return median(found)


def show(name: str, ours: float, beside: str, theirs: float) -> None:
    """One line: ours, theirs, and how many times as long ours takes."""
    print(f"{name:<44} {ours:9.2f} ms   {beside:<34} {theirs:9.2f} ms   {ours / theirs:6.1f}×")


def start() -> None:
    """Start-up beside a bare interpreter."""

    def run(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=False)

    bare = took(run("-c", "pass"), 7)
    show("incident --help", took(run("-m", "incident", "--help"), 7), "python -c pass", bare)
    show("incident --version", took(run("-m", "incident", "--version"), 7), "python -c pass", bare)


def law() -> None:
    """An assessment of every regime beside reading the same facts as JSON."""
    shipped = load_law()
    example = shipped.regimes[0].examples[0]["facts"]
    text = json.dumps(example)
    facts = shipped.facts(example, source="bench")  # type: ignore[arg-type]
    show(
        "assess (every regime)",
        took(lambda: shipped.assess(facts, now=NOW), 200),
        "json.loads of the facts",
        took(lambda: json.loads(text), 200),
    )


def store() -> None:
    """A journalled, encrypted change beside a plain SQLite commit with the same durability."""
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        incident = an_incident(desk)
        ours = took(lambda: log(desk, incident, "a line", now=NOW), 200)
        desk.close()
        plain = sqlite3.connect(Path(folder) / "plain.db", isolation_level=None)
        plain.execute("pragma journal_mode=wal")
        plain.execute("pragma synchronous=full")
        plain.execute("create table line (text)")
        show(
            "a journalled line in the vault",
            ours,
            "plain SQLite insert, WAL FULL",
            took(lambda: plain.execute("insert into line values ('a line')"), 200),
        )


if __name__ == "__main__":
    for bench in (start, law, store):
        bench()
