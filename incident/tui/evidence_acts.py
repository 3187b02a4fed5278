"""What is done with evidence on its screen: forms for every act, and a thread for those that read or write bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from incident.domain.evidence import EvidenceItem, size_text
from incident.domain.membership import Circle
from incident.domain.playbook import Step
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.custody_receipt import write_receipt
from incident.usecases.evidence import Offered, add_evidence, seal_evidence
from incident.usecases.evidence_reading import destroy_evidence, transfer_custody, verify_evidence, write_evidence

_GROUP = "evidence"
_CIRCLES = ((Circle.TEAM.value, "every member"), (Circle.COUNSEL.value, "counsel's circle alone (privileged)"))


class EvidenceActs(IncidentScreen):
    """The acts upon the highlighted item."""

    typed: dict[str, str]
    """What was typed about a file that is not kept yet."""
    wanted_by: Step | None = None
    """The step of the playbook from which a file is kept."""

    @dataclass
    class Progressed(Message):
        """Some of the bytes are done; blank when all are."""

        said: str

    def chosen(self) -> EvidenceItem:
        """The highlighted item; the screen knows which."""
        raise RefusedError("No item is highlighted.", "Keep a file first: a.")

    def action_add(self) -> None:
        """Name a file; what was typed stays until it was kept."""
        typed, step = self.typed, self.wanted_by
        noted = f"Step «{step.title}»" if step else ""
        intro = f"The step asks to keep: {'; '.join(step.evidence)}." if step and step.evidence else ""
        fields = (
            FormField("path", "File", value=typed.get("path", ""), hint="its path on this machine"),
            FormField("name", "Name (blank: the file's own)", value=typed.get("name", "")),
            FormField("source", "Taken from: a host, a mailbox, a person", value=typed.get("source", "")),
            FormField("note", "Note", value=typed.get("note", noted)),
            FormField("circle", "Who may see it", Kind.CHOICE, value=typed.get("circle", ""), choices=_CIRCLES),
        )

        def accept(typed: dict[str, str]) -> None:
            path = Path(typed["path"].strip()).expanduser()
            if not path.is_file():
                raise ContentError(f"{path} is not an ordinary file.", "Name a file; bytes from a pipe come by command.")
            self.typed = typed
            self.begin(lambda told: self._add(path, typed, told))

        self.ask("Keep evidence", fields, accept, intro=intro)

    def _add(self, path: Path, typed: dict[str, str], told: Callable[[int], None]) -> str:
        privileged = typed["circle"] == Circle.COUNSEL.value
        offered = Offered(typed["name"], typed["source"], typed["note"], privileged)
        item = add_evidence(self.desk, self.incident, path, offered, now=self.now(), progress=told)
        self.typed = {}
        return f"Item {item.number} «{item.name}» is kept."

    def action_verify(self) -> None:
        """Read the item through."""
        if (item := self.attempt(self.chosen)) is not None:
            self.attempt(lambda: self.begin(lambda told: self._verify(item, told), item.size))

    def _verify(self, item: EvidenceItem, told: Callable[[int], None]) -> str:
        found = verify_evidence(self.desk, self.incident, item, now=self.now(), progress=told)
        return found.problem or f"Item {item.number} holds: the hash is the one of its acquisition."

    def action_export(self) -> None:
        """Where the copy goes."""
        if (item := self.attempt(self.chosen)) is None:
            return
        folder = Path.home() / "incident-documents"
        fields = (
            FormField("to", "To file", value=str(folder / f"{self.incident.reference}_evidence_{item.number}")),
            FormField("note", "What for"),
        )

        def accept(typed: dict[str, str]) -> None:
            path = Path(typed["to"].strip()).expanduser()
            if path.exists():
                raise RefusedError(f"{path} is there already; nothing is overwritten.", "Name another file.")
            self.begin(lambda told: self._export(item, path, typed["note"], told), item.size)

        self.confirmed(lambda: self.ask(f"Export item {item.number}", fields, accept, button="Export"))

    def _export(self, item: EvidenceItem, path: Path, note: str, told: Callable[[int], None]) -> str:
        write_evidence(self.desk, self.incident, item, path, now=self.now(), note=note, profile=_for(item), progress=told)
        return f"{path} · SHA-256 {item.sha256}"

    def action_transfer(self) -> None:
        """To whom, what for, and whether a receipt is written."""
        if (item := self.attempt(self.chosen)) is None:
            return
        receipt = Path.home() / "incident-documents" / f"{self.incident.reference}_receipt_{item.number}.pdf"
        fields = (
            FormField("to", "To whom: the person and their organisation"),
            FormField("note", "What for, and how it was handed over"),
            FormField("receipt", "Receipt to sign (blank: none)", value=str(receipt)),
        )

        def accept(typed: dict[str, str]) -> None:
            if not typed["to"].strip() or not typed["note"].strip():
                raise ContentError("Who receives the item, or what for, is not said.", "Give both.")
            self.begin(lambda told: self._transfer(item, typed, told), item.size)

        self.confirmed(lambda: self.ask(f"Hand over item {item.number}", fields, accept, button="Hand over"))

    def _transfer(self, item: EvidenceItem, typed: dict[str, str], told: Callable[[int], None]) -> str:
        now, note = self.now(), typed["note"]
        done = transfer_custody(
            self.desk, self.incident, item, typed["to"], now=now, note=note, profile=_for(item), progress=told
        )
        said = f"Item {done.number} is held by {done.holder}."
        if not typed["receipt"].strip():
            return said
        path = Path(typed["receipt"].strip()).expanduser()
        return f"{said} {write_receipt(self.desk, self.incident, done, path, now=now, zone=self.zone)}"

    def action_seal(self) -> None:
        """Close the item."""
        if (item := self.attempt(self.chosen)) is None:
            return

        def accept(typed: dict[str, str]) -> object:
            return seal_evidence(self.desk, self.incident, item, now=self.now(), note=typed["note"])

        self.ask(f"Seal item {item.number}", (FormField("note", "Note"),), accept, intro="It takes no further annotation.")

    def action_destroy(self) -> None:
        """Ask for the reason and the legal basis, and have it typed."""
        if (item := self.attempt(self.chosen)) is None:
            return
        word = f"destroy {item.number}"
        fields = (
            FormField("reason", "Why"),
            FormField("basis", "Legal basis"),
            FormField("typed", f"Type «{word}»"),
        )

        def accept(typed: dict[str, str]) -> object:
            if typed["typed"].strip().lower() != word:
                raise RefusedError(f"«{typed['typed']}» is not «{word}»; nothing was destroyed.", "Type it, or leave with Esc.")
            reason, basis = typed["reason"], typed["basis"]
            return destroy_evidence(self.desk, self.incident, item, reason=reason, basis=basis, now=self.now())

        intro = f"The bytes of «{item.name}» are gone for good here. Copies in backups and exports remain."
        title = f"Destroy item {item.number}"
        self.confirmed(lambda: self.ask(title, fields, accept, intro=intro, button="Destroy"))

    def begin(self, act: Callable[[Callable[[int], None]], str], whole: int = 0) -> None:
        """Begin work on bytes; one at a time, because stopping what runs would lose it."""
        if any(each.group == _GROUP and not each.is_finished for each in self.workers):
            raise RefusedError("Work on evidence is still running.", "Wait until its line is gone.")
        self.run_long(act, whole)

    @work(thread=True, exit_on_error=False, group=_GROUP)
    def run_long(self, act: Callable[[Callable[[int], None]], str], whole: int = 0) -> None:
        """Work on bytes in a thread: progress in a line, a message at the end; leaving the screen stops it."""
        worker, shown = get_current_worker(), [-1]

        def told(done: int) -> None:
            if worker.is_cancelled:
                raise RefusedError("The work was stopped; nothing was recorded.", "Begin again when you are ready.")
            step = done * 100 // whole if whole else done // 10_000_000
            if step != shown[0]:
                shown[0] = step
                self.post_message(self.Progressed(f"{size_text(done)} of {size_text(whole)}" if whole else size_text(done)))

        try:
            said = act(told)
            self.app.call_from_thread(self.notify, said, title="Evidence", markup=False)
        finally:
            self.post_message(self.Progressed(""))


def _for(item: EvidenceItem) -> Profile | None:
    """Whoever gave their passphrase on the screen means it: what is privileged goes out as privileged."""
    return Profile.PRIVILEGED if item.privileged else None
