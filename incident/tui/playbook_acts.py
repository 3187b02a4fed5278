"""What is done with a playbook on its screen: it joins an incident, a newer version is compared and adopted, it is printed."""

from pathlib import Path

from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.playbook_diff import PlaybookDiff
from incident.errors import RefusedError
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.form import FormField
from incident.tui.widgets.playbook_lines import diff_page
from incident.usecases.playbook_sheet import write_playbook
from incident.usecases.taken_playbooks import adopt_playbook, join_playbook

_REASON = FormField("reason", "Why; it stands in the record")


class PlaybookActs(BaseScreen):
    """The acts upon the highlighted playbook."""

    incident: Incident | None
    followed: dict[str, Playbook]
    """What the incident follows, as it took it."""
    offered: dict[str, PlaybookDiff]
    """What the present files would change in those."""

    @property
    def slug(self) -> str:
        """The highlighted playbook; the screen knows which."""
        return ""

    @property
    def playbooks(self) -> dict[str, Playbook]:
        """Every playbook by its slug."""
        return {}

    def _here(self) -> Incident:
        if self.incident is None:
            raise RefusedError("No incident is open.", "Open one from the board first.")
        return self.incident

    def action_join(self) -> None:
        """Let the highlighted playbook join, with the reason."""
        slug = self.slug
        if slug in self.followed:
            self.show_refusal(RefusedError("This incident follows it already.", "Its steps stand in the guide."))
            return

        def accept(typed: dict[str, str]) -> object:
            return join_playbook(self.desk, self._here(), slug, reason=typed["reason"], now=self.now())

        intro = "Steps that both have are asked once; what it adds to a finished step puts that step on the list again."
        self.ask(f"Join: {self.playbooks[slug].title}", (_REASON,), accept, intro=intro, button="Join")

    def action_difference(self) -> None:
        """What the present file would change."""
        if (diff := self.attempt(self._offer)) is not None:
            self.read_page("What the present file changes", tuple(diff_page(diff)))

    def _offer(self) -> PlaybookDiff:
        diff = self.offered.get(self.slug)
        if diff is None:
            raise RefusedError("Its file says what this incident follows already, or it is not followed.", "j lets it join.")
        return diff

    def action_adopt(self) -> None:
        """Take the present file, with the reason."""
        if (diff := self.attempt(self._offer)) is None:
            return

        def accept(typed: dict[str, str]) -> object:
            return adopt_playbook(self.desk, self._here(), diff.slug, reason=typed["reason"], now=self.now())

        counts = f"{len(diff.added)} new steps, {len(diff.dropped)} gone, {len(diff.changed)} changed."
        intro = f"{counts} d shows them in full. What was done stays done, unless a changed step asks more."
        self.ask(f"Adopt: {diff.title}", (_REASON,), accept, intro=intro, button="Adopt")

    def action_write(self) -> None:
        """Write the highlighted playbook as a PDF; nothing of an incident stands in it."""
        slug = self.slug

        def accept(typed: dict[str, str]) -> None:
            path = write_playbook(slug, Path(typed["folder"].strip()).expanduser(), now=self.now())
            self.app.call_from_thread(self.notify, str(path), title="Written", markup=False)

        field = FormField("folder", "Into which folder", value=str(Path.home() / "incident-documents"))
        self.ask("A PDF for the paper binder", (field,), accept, button="Write", slow=True)
