"""Copy a notice into the recipient's portal: one answer at a time, into the terminal's clipboard, ticked when it is copied."""

from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from incident.domain.incident import Incident
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.texts import local
from incident.usecases.notice_copy import CopyLine, CopySheet, copy_sheet, tick
from incident.usecases.notices import draft
from incident.usecases.versions import versions


class CopyingScreen(IncidentScreen):
    """The answers of a notice, one after the other."""

    TITLE = "Copy out"
    AUTO_FOCUS = "#answer"
    BINDINGS = [
        Binding(
            "c,enter", "copy", "copy", id="copying.copy", tooltip="Into the clipboard of the terminal (OSC 52), and tick it"
        ),
        Binding("space", "tick", "tick", id="copying.tick", tooltip="Tick it without copying, or take the tick away"),
        Binding("n,right", "next", "next", id="copying.next", tooltip="The next answer"),
        Binding("p,left", "previous", "previous", id="copying.previous", tooltip="The one before"),
        Binding("o", "open", "next open", id="copying.open", tooltip="The next answer that was not copied"),
    ]

    def __init__(self, incident: Incident, notice_id: UUID) -> None:
        super().__init__(incident)
        self.notice_id, self.at = notice_id, 0
        self.sheet: CopySheet | None = None

    def compose(self) -> ComposeResult:
        """Where we are, and the answer."""
        yield Static("", classes="head", markup=False)
        yield Static("", id="place")
        with VerticalScroll(id="answer"):
            yield Static("", id="words", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """The first answer that was not copied yet."""
        self.reload()

    def reload(self) -> None:
        """Read again and show where we are."""
        if not self.is_mounted:
            return
        self.draft = draft(self.desk, self.notice_id, now=self.now())
        made = versions(self.desk, self.notice_id)
        is_first, self.sheet = self.sheet is None, copy_sheet(self.desk, self.draft, made[-1].version if made else None)
        if is_first:
            self.action_open()
        self._show()

    @property
    def line(self) -> CopyLine | None:
        """The answer in sight."""
        return self.sheet.lines[self.at] if self.sheet is not None and self.sheet.lines else None

    def _show(self) -> None:
        sheet, line = self.sheet, self.line
        if sheet is None or line is None:
            return
        which = f"version {sheet.version}" if sheet.version is not None else "DRAFT, not frozen"
        done = sum(1 for each in sheet.lines if each.is_copied)
        self.query_one(".head", Static).update(self.heading(f"copy out · {which} · {done} of {len(sheet.lines)} copied"))
        sign = f"✔ copied by {line.copied_by}, {local(line.copied_at, self.zone)}" if line.copied_at else "○ not copied"
        limit = "" if line.limit is None else f" · {line.used} of {line.limit} {line.unit}{' TOO LONG' if line.is_over else ''}"
        own = f"{line.label}\n" if line.portal else ""
        self.query_one("#place", Static).update(
            Content.assemble(
                (f"{line.screen} · {self.at + 1} of {len(sheet.lines)}\n", "$secondary"),
                (f"{line.row} {line.portal or line.label}".strip() + "\n", "bold"),
                own,
                (sign, "$success" if line.is_copied else "$accent"),
                (limit, "bold $error" if line.is_over else "$secondary"),
            )
        )
        self.query_one("#words", Static).update(line.text or "— nothing yet —")
        self.query_one("#answer", VerticalScroll).scroll_home(animate=False)

    def _go(self, at: int) -> None:
        if self.sheet is not None and self.sheet.lines:
            self.at = at % len(self.sheet.lines)
            self._show()

    def action_next(self) -> None:
        """The next answer."""
        self._go(self.at + 1)

    def action_previous(self) -> None:
        """The one before."""
        self._go(self.at - 1)

    def action_open(self) -> None:
        """The next answer that was not copied, after this one and round again."""
        if self.sheet is None:
            return
        lines = self.sheet.lines
        order = [*range(self.at, len(lines)), *range(self.at)]
        self._go(next((index for index in order if lines[index].text and not lines[index].is_copied), self.at))

    def action_copy(self) -> None:
        """Hand it to the terminal's clipboard and tick it; on to the next."""
        line = self.line
        if line is None or not line.text:
            self.notify("There is nothing to copy here yet.", severity="warning", timeout=4)
            return
        self.app.copy_to_clipboard(line.text)
        self.attempt(lambda: tick(self.desk, self.draft, line, now=self.now()))
        self.reload()

    def action_tick(self) -> None:
        """Tick it, or take the tick away."""
        line = self.line
        if line is not None and line.text:
            self.attempt(lambda: tick(self.desk, self.draft, line, now=self.now(), copied=not line.is_copied))
            self.reload()
