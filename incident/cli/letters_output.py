"""How letters look on a line: bad rows as they are found, counts, progress with rate and time left."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from incident.cli.output import moment, print_table, say
from incident.domain.letters import Rejected
from incident.errors import shown

if TYPE_CHECKING:
    from types import FrameType

    from incident.usecases.letters import Checked
    from incident.usecases.letters_press import Progress, RunResult
    from incident.usecases.letters_returned import Returned, RunLine


def rejected_line(names: Sequence[str], *, quiet: bool) -> Callable[[Rejected], None]:
    """Prints a row without a letter: file, line and reason."""

    def told(each: Rejected) -> None:
        if not quiet:
            print(f"{shown(names[each.source])}, line {each.line}: {shown(each.reason)}")

    return told


def print_checked(found: "Checked") -> None:
    """The counts of recipients' files."""
    tally = found.tally
    _print_columns(found)
    print(f"\n{tally.rows} rows: {tally.letters} can get a letter, {tally.rows - tally.letters} cannot.")
    for why, number in tally.rejected.items():
        print(f"  {number:>9}  {why}")
    for title, counts in (
        ("place", tally.places),
        ("language", tally.languages),
        ("reader", tally.readers),
        ("elements", tally.element_sets),
    ):
        _print_counts(title, counts)
    if tally.emails:
        print(f"\n{tally.emails} agreed to e-mail.")
    if found.rejected is not None and tally.rows > tally.letters:
        print(f"\nRows without a letter: {found.rejected} — personal data, keep it as safe as the file itself.")
    if found.people:
        print("\nRecorded as the fact `people`; `incident clocks` shows what follows.")


def _print_columns(found: "Checked") -> None:
    for columns, unused in zip(found.columns, found.unused, strict=True):
        say(", ".join(f"{role} = {shown(column, longest=40)}" for role, column in columns.items()), first="columns    ")
        if unused:
            say(shown(", ".join(unused), longest=300), first="not used   ")
    for note in found.notes:
        say(note, first="note       ")


def _print_counts(title: str, counts: Mapping[str, int]) -> None:
    if counts:
        print()
        print_table(
            (title, "people"), [(name, str(number)) for name, number in sorted(counts.items(), key=lambda each: -each[1])]
        )


class ProgressLine:
    """Progress on one line of the terminal, with rate and time left; nothing where nobody looks."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic, self._begun = monotonic, monotonic()
        self._shown = sys.stderr.isatty()

    def told(self, progress: "Progress") -> None:
        """How far it is."""
        if self._shown:
            print(f"\r\x1b[K{progress_text(progress, self._monotonic() - self._begun)}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the line."""
        if self._shown:
            print(file=sys.stderr)


def progress_text(progress: "Progress", seconds: float) -> str:
    """`12,000 of 80,000 letters · 2,400/s · 28 s left`."""
    text = f"{progress.done:,} of {progress.whole:,} letters"
    if progress.fresh and seconds > 0:
        rate = progress.fresh / seconds
        left = (progress.whole - progress.done) / rate
        text += f" · {rate:,.0f}/s · {left / 60:.0f} min left" if left > 90 else f" · {rate:,.0f}/s · {left:.0f} s left"
    return text


@contextmanager
def until_interrupted() -> Iterator[Callable[[], bool]]:
    """Ctrl+C asks to stop after the files under way; a second one stops at once."""
    asked = [False]

    def ask(number: int, frame: "FrameType | None") -> None:
        del number, frame
        if asked[0]:
            raise KeyboardInterrupt
        asked[0] = True
        print("\nincident: stopping after the files under way; Ctrl+C again stops at once.", file=sys.stderr)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked[0]
    finally:
        signal.signal(signal.SIGINT, before)


def print_pressed(result: "RunResult") -> None:
    """What came of a run."""
    for note in result.notes:
        say(note, first="note       ")
    mark = "" if result.mark.value == "approved" else f", every sheet marked {result.mark.value.upper()}"
    print(f"{result.letters:,} letters, {result.pages:,} pages, {result.size / 1e6:,.1f} MB in {result.folder}{mark}")
    if result.resumed:
        print(f"{result.resumed:,} of them stood from before.")
    slow = {way: number for way, number in result.ways.items() if way != "fast"}
    for way, number in sorted(slow.items()):
        print(f"  {number:>9}  {way}")
    refused = {**result.rejected, **({"the press cannot set it": result.refused} if result.refused else {})}
    for why, number in refused.items():
        print(f"  {number:>9}  no letter: {why}")
    if result.state != "finished":
        print(
            f"Stopped before the end: {result.whole - result.letters - result.refused:,} are lacking. The same command goes on."
        )
        return
    say("This folder is personal data and not encrypted: its README.txt says how to treat it. rejected.csv has every row "
        "without a letter.")  # fmt: skip


def print_returned(found: "Returned") -> None:
    """Undeliverable letters by reason and by place."""
    _print_counts("reason", found.reasons)
    _print_counts("place", found.places)
    print(f"\n{found.letters} letters came back; {found.unknown} of them stand in no manifest.")
    if found.threshold_places:
        say(f"Ten or more in {', '.join(found.threshold_places)}: where a law asks for substitute notice, it counts these.")
    if found.recorded:
        print("Recorded as unreachable people; `incident clocks` shows what follows.")


def print_runs(found: "Sequence[RunLine]", zone: str) -> None:
    """The runs of an incident."""
    print_table(
        ("begun", "state", "as", "letters", "codes"),
        [(moment(each.at, zone), each.state, each.output, str(each.letters), str(each.codes)) for each in found],
    )
