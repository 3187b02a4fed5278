"""Benchmarks as ratios against something run beside them: `make bench`. Seconds of one machine say little."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from incident.domain.assessment_document import to_document
from incident.usecases.assess import load_law

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


PLACES = [
    "DE",
    "FR",
    "GB",
    "CH",
    "BR",
    "JP",
    "US-CA",
    "US-NY",
    "US-TX",
    "US-FL",
    "US-WA",
    "US-MA",
    "US-IL",
    "US-OH",
    "CA-QC",
    "AU",
    "IN",
    "SG",
    "KR",
    "ZA",
]
TWENTY_PLACES: dict[str, object] = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["DE"], "timezone": "Europe/Berlin"},
    "at": dict.fromkeys(("aware", "discovered", "determined", "detected", "believed"), "2026-11-02T09:00:00+01:00"),
    "people": [{"in": place, "count": 900} for place in PLACES],
    "data": {"elements": ["name", "ssn", "medical"], "encrypted": False, "key_compromised": False, "medium": ["electronic"]},
    "breach": {"confidentiality": True, "acquired": True, "accessed": True},
    "risk": {"individuals": "high", "harm_likely": True},
}


def law() -> None:
    """One incident in twenty places against every regime, beside writing the answer as JSON; loading; ten thousand."""
    shipped = load_law()
    facts = shipped.facts(TWENTY_PLACES, source="bench")
    answer = to_document(shipped.assess(facts, now=NOW))
    ours = took(lambda: to_document(shipped.assess(facts, now=NOW)), 60)
    show("assess twenty places, explained", ours, "json.dumps of the answer", took(lambda: json.dumps(answer), 60))
    indented = took(lambda: json.dumps(answer, ensure_ascii=False, indent=2), 20)
    show("assess twenty places, explained", ours, "json.dumps, indented as we write it", indented)
    load = "from incident.usecases.assess import load_law; load_law()"
    bare = took(lambda: subprocess.run([sys.executable, "-c", "pass"], check=False), 7)
    cold = took(lambda: subprocess.run([sys.executable, "-c", load], check=False), 7)
    show("loading every regime, cold, whole process", cold, "python -c pass", bare)
    one = took(
        lambda: subprocess.run(
            [sys.executable, "-m", "incident", "regimes", "show", "eu-nis2"], capture_output=True, check=False
        ),
        7,
    )
    show("one regime shown, whole process", one, "loading every regime", cold)
    many()


def many() -> None:
    """Ten thousand incidents beside a hundred: time per incident and the peak of memory."""
    shipped = load_law()

    def run(count: int) -> tuple[float, int]:
        begun = time.perf_counter()
        for number in range(count):
            people = [{"in": PLACES[number % 20], "count": number + 1}, {"in": PLACES[(number * 7 + 3) % 20]}]
            shipped.assess(shipped.facts({**TWENTY_PLACES, "people": people}, source="bench"), now=NOW)
        spent = time.perf_counter() - begun
        return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    run(20)
    few, few_peak = run(100)
    all_, all_peak = run(10_000)
    print(f"10,000 : 100 incidents: time {all_ / few:.0f}× (100 is linear), peak memory {all_peak / few_peak:.2f}×")


if __name__ == "__main__":
    from tests.bench_evidence import evidence_bench
    from tests.bench_guide import guide_bench
    from tests.bench_journal import journal_bench
    from tests.bench_screen import screen_bench
    from tests.bench_store import board_bench, commits, opening

    for bench in (start, law, opening, commits, board_bench, journal_bench, evidence_bench, guide_bench, screen_bench):
        bench()
