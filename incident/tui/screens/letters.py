"""Letters to the people affected: which letter, which recipients, what the check found, and pressing with progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from incident import clock
from incident.domain.letters import Output, Rejected
from incident.errors import ContentError, RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.letters import Checked, RunOrder, check, window_of
from incident.usecases.letters_choice import chosen_versions, letter_notices
from incident.usecases.letters_press import Progress, RunResult, press_letters
from incident.usecases.letters_returned import runs
from incident.usecases.letters_texts import letter_texts

_GROUP = "letters"
_SHOWN = 50
"""Bad rows on the screen; all of them stand in rejected.csv."""
_OUTPUTS = tuple((each.value, each.text) for each in Output)
_YES_NO = (("no", "no"), ("yes", "yes"))


class LettersScreen(IncidentScreen):
    """The runs of the press; check recipients, press, stop."""

    TITLE = "Letters"
    BINDINGS = [
        Binding("c", "check", "check", id="letters.check", tooltip="Choose the letter and the recipients' file, and count"),
        Binding("p", "press", "press", id="letters.press", tooltip="Make the letters; a run that was ended goes on"),
        Binding("x", "stop", "stop", id="letters.stop", tooltip="Stop after the files under way; pressing again goes on"),
    ]

    @dataclass
    class Progressed(Message):
        """How far the work is; blank when it is done."""

        said: str

    @dataclass
    class Found(Message):
        """What the check or the press found."""

        text: str

    def compose(self) -> ComposeResult:
        """The runs, how far the work is, what was found."""
        yield Static("", classes="head", markup=False)
        yield Table(Column("begun"), Column("state"), Column("made as", share=1, least=10), Column("letters"), Column("codes"))
        yield Static("", id="progress", markup=False)
        with VerticalScroll(id="detail"):
            yield Static("", id="found", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """What to do first."""
        self.typed: dict[str, str] = {}
        self.query_one("#found", Static).update(
            "Press c: choose an approved letter and the recipients' file (CSV or XLSX). It is counted, and each row without "
            "a letter is named. Then p presses."
        )
        self.reload()

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        found = self.attempt(lambda: runs(self.desk, self.fresh())) or ()
        table = self.query_one(Table)
        table.show(
            (str(number), (local(each.at, self.zone), each.state, each.output, str(each.letters), str(each.codes)))
            for number, each in enumerate(found)
        )
        table.display = bool(found)
        self.query_one(".head", Static).update(self.heading(f"letters · {len(found)} runs"))

    def action_check(self) -> None:
        """Choose the letter, the file and the columns."""
        letters = self.attempt(lambda: letter_notices(self.desk, self.fresh(), now=self.now())) or ()
        if not letters:
            self.show_refusal(
                RefusedError("There is no letter to people yet.", "Begin one among the notices, and have it approved.")
            )
            return

        def accept(typed: dict[str, str]) -> None:
            order = _order(self, typed)
            self.typed |= typed
            self._begin()
            self.run_check(order, record=typed["counts"] == "yes")

        self.ask("Check recipients", _check_fields(letters, self.typed), accept, button="Check")

    def _begin(self) -> None:
        if any(each.group == _GROUP and not each.is_finished for each in self.workers):
            raise RefusedError("Letters are at work already.", "Wait until the line is gone, or stop with x.")

    @work(thread=True, exit_on_error=False, group=_GROUP)
    def run_check(self, order: RunOrder, *, record: bool) -> None:
        """Count in a thread."""
        self.post_message(self.Progressed("reading the recipients …"))
        bad: list[Rejected] = []

        def told(each: Rejected) -> None:
            if len(bad) < _SHOWN:
                bad.append(each)

        try:
            texts = letter_texts(self.desk, self.incident, order.version_ids, window=window_of(self.desk, order), sheets=False)
            beside = order.files[0].parent / "rejected.csv"
            found = check(
                self.desk,
                self.incident,
                order,
                now=self.now(),
                rejected_to=beside,
                told=told,
                texts=texts,
                record_people=record,
            )
            self.post_message(self.Found(checked_text(found, bad)))
        finally:
            self.post_message(self.Progressed(""))

    def action_press(self) -> None:
        """Where to, and what is made."""
        if not self.typed:
            self.show_refusal(RefusedError("No recipients were checked yet.", "Check them first: c."))
            return

        def accept(typed: dict[str, str]) -> None:
            order = _press_order(_order(self, self.typed), typed)
            self.typed |= typed
            self._begin()
            self.run_press(order)

        fields = _press_fields(self.incident.reference, self.typed)
        intro = "The folder will hold names, addresses and what was lost, not encrypted. Keep it on an encrypted disk."
        self.confirmed(lambda: self.ask("Press letters", fields, accept, intro=intro, button="Press"))

    @work(thread=True, exit_on_error=False, group=_GROUP)
    def run_press(self, order: RunOrder) -> None:
        """Press in a thread, with rate and time left."""
        worker, begun = get_current_worker(), clock.monotonic()

        def told(progress: Progress) -> None:
            self.post_message(self.Progressed(progress_text(progress, clock.monotonic() - begun)))

        try:
            now = self.now()
            done = press_letters(self.desk, self.incident, order, now=now, told=told, cancelled=lambda: worker.is_cancelled)
            self.post_message(self.Found(pressed_text(done)))
        finally:
            self.post_message(self.Progressed(""))

    def action_stop(self) -> None:
        """Stop after the files under way."""
        self.workers.cancel_group(self, _GROUP)

    @on(Progressed)
    def progressed(self, event: Progressed) -> None:
        """How far the work is; at the end the runs are read again."""
        line = self.query_one("#progress", Static)
        line.update(event.said)
        line.set_class(bool(event.said), "shown")
        if not event.said:
            self.reload()

    @on(Found)
    def found(self, event: Found) -> None:
        """What was found, from its beginning."""
        self.query_one("#found", Static).update(event.text)
        self.query_one("#detail").scroll_home(animate=False)


def _check_fields(letters: Sequence[tuple[int, str]], typed: Mapping[str, str]) -> tuple[FormField, ...]:
    choices = tuple((str(number), title) for number, title in letters)
    return (
        FormField("letter", "Letter", Kind.CHOICE, value=typed.get("letter", choices[0][0]), choices=choices),
        FormField("file", "Recipients' file", value=typed.get("file", ""), hint="CSV or XLSX with a header"),
        FormField("map", "Columns by hand", value=typed.get("map", ""), hint="city=Ort, name=Wer; blank: recognised"),
        FormField("counts", "Record the counts as a fact", Kind.CHOICE, value="no", choices=_YES_NO),
    )


def _press_fields(reference: str, typed: Mapping[str, str]) -> tuple[FormField, ...]:
    folder = Path.home() / "incident-documents" / f"{reference}_letters"
    return (
        FormField("output", "Made as", Kind.CHOICE, value=typed.get("output", "zip"), choices=_OUTPUTS),
        FormField("to", "To folder", value=typed.get("to", str(folder)), hint="new, or that of the run to go on with"),
        FormField("codes", "Codes, one a line (blank: none)", value=typed.get("codes", "")),
        FormField("duplex", "Each letter begins on a front side", Kind.CHOICE, value="no", choices=_YES_NO),
        FormField("separators", "A sheet before each batch", Kind.CHOICE, value="no", choices=_YES_NO),
    )


def _order(screen: IncidentScreen, typed: Mapping[str, str]) -> RunOrder:
    path = Path(typed["file"].strip()).expanduser()
    if not path.is_file():
        raise ContentError(f"{path} is not an ordinary file.", "Name a CSV or XLSX file.")
    pairs = [each.partition("=") for each in typed["map"].split(",") if each.strip()]
    mapping = {role.strip(): column.strip() for role, _, column in pairs}
    ids = chosen_versions(screen.desk, screen.fresh(), [int(typed["letter"])], now=screen.now())
    return RunOrder((path,), version_ids=ids, mapping=mapping)


def _press_order(chosen: RunOrder, typed: Mapping[str, str]) -> RunOrder:
    codes = typed["codes"].strip()
    return replace(
        chosen,
        folder=Path(typed["to"].strip()).expanduser(),
        output=Output(typed["output"]),
        codes=Path(codes).expanduser() if codes else None,
        duplex=typed["duplex"] == "yes",
        separators=typed["separators"] == "yes",
    )


def progress_text(progress: Progress, seconds: float) -> str:
    """How far, how fast, how long yet."""
    text = f"{progress.done:,} of {progress.whole:,} letters"
    if not progress.fresh or seconds <= 0:
        return text
    rate = progress.fresh / seconds
    return f"{text} · {rate:,.0f} a second · {(progress.whole - progress.done) / rate:,.0f} s left · x stops"


def checked_text(found: Checked, bad: list[Rejected]) -> str:
    """The counts of a check, and the first bad rows."""
    tally = found.tally
    lines = [f"{tally.rows:,} rows: {tally.letters:,} can get a letter, {tally.rows - tally.letters:,} cannot.", *found.notes]
    lines += [f"  {number:,} {why}" for why, number in tally.rejected.items()]
    for title, counts in (("By place", tally.places), ("By language", tally.languages), ("By data", tally.element_sets)):
        lines.append(f"{title}: " + " · ".join(f"{name} {number:,}" for name, number in counts.most_common(40)))
    lines.append("Columns: " + ", ".join(f"{role} = {column}" for each in found.columns for role, column in each.items()))
    if bad:
        lines += ["", f"Rows without a letter (all of them: {found.rejected}, personal data):"]
        lines += [f"  line {each.line}: {each.reason}" for each in bad]
    return "\n".join([*lines, "", "Press p to make the letters."])


def pressed_text(done: RunResult) -> str:
    """What came of a run."""
    lines = [f"{done.letters:,} letters, {done.pages:,} pages, {done.size / 1e6:,.1f} MB in {done.folder}"]
    if done.mark.value != "approved":
        lines.append(f"Every sheet is marked {done.mark.value.upper()}.")
    if done.state != "finished":
        lacking = done.whole - done.letters - done.refused
        return "\n".join(
            [*lines, f"Stopped before the end: {lacking:,} are lacking. Press p with the same folder: it goes on."]
        )
    lines += [f"  {number:,} {way}" for way, number in sorted(done.ways.items())]
    without = sum(done.rejected.values()) + done.refused
    lines.append(f"{without:,} rows got no letter; rejected.csv in the folder has each with its reason.")
    return "\n".join([*lines, "The folder is personal data and not encrypted; its README.txt says how to treat it."])
