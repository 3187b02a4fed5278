"""What an experiment with faults found, and how many rounds it goes: few by default, the full figure on request."""

import os
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the reliability table."""

    fault: str
    rounds: int
    acknowledged: int = 0
    lost: int = 0
    corrupt: int = 0
    worst_reopen: float | None = None
    """Seconds; None where nothing was reopened."""
    note: str = ""
    """The first thing that went wrong, with what is needed to see it again."""


def rounds(few: int, full: int) -> int:
    """How many rounds to go: `few`, or what INCIDENT_FAULT_ROUNDS asks for, at most `full`."""
    return min(full, max(few, int(os.environ.get("INCIDENT_FAULT_ROUNDS", "0"))))


def table(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as a Markdown table."""
    lines = ["| fault | rounds | acknowledged | lost | corrupt | worst reopen |", "| --- | --- | --- | --- | --- | --- |"]
    for each in outcomes:
        reopen = "–" if each.worst_reopen is None else f"{each.worst_reopen * 1000:.0f} ms"
        acknowledged = f"{each.acknowledged:,}" if each.acknowledged else "–"
        lines.append(f"| {each.fault} | {each.rounds:,} | {acknowledged} | {each.lost} | {each.corrupt} | {reopen} |")
    return "\n".join(lines)
