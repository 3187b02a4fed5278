"""What may be done with a notice: edit a field, freeze, approve, print, file, change its language, drop it."""

import json
from pathlib import Path
from uuid import UUID

from textual import work

from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.notice import FieldType, NoticeField, NoticeKind
from incident.errors import ConflictError, ContentError, RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.notice_page import comparison_page
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notice_changes import set_language
from incident.usecases.notice_check import notice_check
from incident.usecases.notice_compare import compare
from incident.usecases.notices import Draft, edit_field, set_recipient
from incident.usecases.press import Written, write_pdf
from incident.usecases.versions import VersionView, approve, freeze, versions, void_by_change


class NoticeActs(IncidentScreen):
    """The acts on one notice; the screen knows which field is highlighted."""

    def __init__(self, incident: Incident, notice_id: UUID) -> None:
        super().__init__(incident)
        self.notice_id = notice_id
        self.draft: Draft | None = None

    def field(self) -> NoticeField:
        """The highlighted field."""
        raise RefusedError("No field is highlighted.", "Choose one.")

    def action_edit(self) -> None:
        """Write the highlighted field; blank follows the facts again."""
        field = self.attempt(self.field)
        if field is None or self.draft is None:
            return
        if field.type is FieldType.PROSE:
            self.go("writing", notice_id=self.notice_id, field=field.key)
            return
        held = self.draft.notice.fields[field.key]
        value = held.whole or held.value
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
        if field.type is FieldType.CHOICE and field.choices:
            open_yet = ("", "— not answered here: as the facts say")
            form = FormField("text", field.label, Kind.CHOICE, value=text, choices=(open_yet, *field.choices))
        elif field.choices:
            listed = ", ".join(json.loads(text)) if text else ""
            form = FormField("text", field.label, value=listed, hint=", ".join(token for token, _ in field.choices))
        else:
            form = FormField("text", field.label, value=text, hint=field.guidance)
        seen = [value if held.edited else None]

        def accept(typed: dict[str, str]) -> object:
            try:
                return self._edit(field, typed["text"], seen[0])
            except ConflictError as error:
                seen[0] = error.standing  # it has been shown now: saving again means it
                raise

        self.ask(field.label, (form,), accept, intro=field.guidance)

    def _edit(self, field: NoticeField, text: str, seen: object) -> object:
        value: object = text if text.strip() else None
        if value is not None and field.choices and field.type is FieldType.CHOICES:
            value = [each.strip() for each in text.split(",") if each.strip()]
        elif value is not None and field.type in (FieldType.NUMBER, FieldType.PEOPLE, FieldType.CHOICES, FieldType.FLAG):
            try:
                value = json.loads(text)
            except ValueError as error:
                raise ContentError(f"«{text}» cannot be read.", 'Write 400, true, or [{"in": "DE", "count": 400}].') from error
        elif value is not None and field.type is FieldType.MOMENT:
            value = said(text, now=self.now(), zone=self.zone).document
        return edit_field(self.desk, self.notice_id, field.key, value, now=self.now(), seen=(seen,))

    def action_recipient(self) -> None:
        """To whom it goes."""
        notice = self.draft.notice if self.draft else None
        fields = (
            FormField("name", "To whom", value=notice.recipient_name if notice else ""),
            FormField("address", "Address", Kind.PROSE, value=notice.recipient_address if notice else ""),
        )

        def accept(typed: dict[str, str]) -> object:
            return set_recipient(self.desk, self.notice_id, name=typed["name"], address=typed["address"], now=self.now())

        self.ask("Recipient", fields, accept)

    def action_language(self) -> None:
        """Write the notice in another language; words written by hand stay."""
        if self.draft is None:
            return
        codes = tuple((each, each) for each in self.draft.template.languages)
        field = FormField("language", "Language", Kind.CHOICE, value=self.draft.notice.language, choices=codes)

        def accept(typed: dict[str, str]) -> object:
            return set_language(self.desk, self.notice_id, typed["language"], now=self.now())

        self.ask("Language", (field,), accept, intro="Words that somebody wrote by hand stay as they are.")

    def action_freeze(self) -> None:
        """Make a version of the text as it stands: complete where it can be, else the first or a further one."""
        if self.draft is None:
            return
        check, made = notice_check(self.draft), versions(self.desk, self.notice_id)
        told = any(each.filings for each in made)
        likely = "complete" if check.may_be_complete else "supplementary" if told else "initial"
        kinds = tuple((each.value, each.value) for each in NoticeKind)
        fields: tuple[FormField, ...] = (FormField("kind", "This version is", Kind.CHOICE, value=likely, choices=kinds),)
        if check.hard or check.told_against_law:
            forbidden = [f"{each.label}: {each.text}" for each in check.told_against_law]
            said = "; ".join((*forbidden, *(f"{each.label}: {each.verdict.text}" for each in check.hard)))
            sure = (("no", "mend it first"), ("yes", "freeze it as it is written"))
            fields = (*fields, FormField("as_written", f"People read this. {said}", Kind.CHOICE, choices=sure))

        def accept(typed: dict[str, str]) -> object:
            as_written = typed.get("as_written") == "yes"
            return freeze(self.desk, self.notice_id, NoticeKind(typed["kind"]), now=self.now(), as_written=as_written)

        self.ask("Freeze a version", fields, accept, intro="Its text never changes; a second person approves exactly it.")

    def action_compare(self) -> None:
        """What changed since the recipient was told."""
        drafted = self.draft
        if drafted is not None and (found := self.attempt(lambda: compare(self.desk, drafted))) is not None:
            self.read_page("What changed", comparison_page(found))

    def action_copying(self) -> None:
        """Out into a portal, field by field."""
        self.go("copying", notice_id=self.notice_id)

    def _newest(self) -> VersionView:
        made = versions(self.desk, self.notice_id)
        if not made:
            raise RefusedError("There is no version yet.", "Press v to freeze one.")
        return made[-1]

    def action_approve(self) -> None:
        """Sign the newest version as the second person, or refuse it; asks for the passphrase."""
        newest = self.attempt(self._newest)
        if newest is not None:
            self.confirmed(lambda: self._approve(newest))

    def _approve(self, newest: VersionView) -> None:
        fields = (
            FormField("how", "Your signature", Kind.CHOICE, choices=(("yes", "I approve this text"), ("no", "I refuse it"))),
            FormField("note", "Note (required when you refuse)"),
        )

        def accept(typed: dict[str, str]) -> object:
            refuse = typed["how"] == "no"
            return approve(self.desk, newest.version.id, now=self.now(), refuse=refuse, note=typed["note"])

        intro = f"Version {newest.version.number}, content {newest.version.content_hash[:16]}. Read the PDF first (p)."
        self.ask("Approve", fields, accept, intro=intro)

    def action_pdf(self) -> None:
        """Ask for the folder and write in the background; a copy outside the vault asks for the passphrase."""
        newest = self.attempt(self._newest)
        if newest is not None:
            self.confirmed(lambda: self._ask_folder(newest))

    def _ask_folder(self, newest: VersionView) -> None:
        folder = FormField("folder", "Folder", value=str(Path.home() / "incident-documents"))

        def accept(typed: dict[str, str]) -> None:
            self.write(newest.version.id, Path(typed["folder"]).expanduser())

        self.ask("Write the PDF", (folder,), accept, intro="The file is plain: whoever reads the folder reads it.")

    @work(thread=True, exclusive=True, exit_on_error=False, group="press")
    def write(self, version_id: UUID, folder: Path) -> None:
        """Lay out and write; the keyboard stays free."""
        written = write_pdf(self.desk, version_id, folder, now=self.now())
        self.app.call_from_thread(self._written, written)

    def _written(self, written: Written) -> None:
        if written.void:
            self.notify(written.void, title="The draft has gone on", severity="warning", timeout=12, markup=False)
        self.notify(str(written.path), title=f"{written.mark.value.upper()} PDF written", timeout=10, markup=False)
        self.reload()

    def action_sent(self) -> None:
        """Record that the newest version was sent."""
        newest = self.attempt(self._newest)
        if newest is None:
            return
        fields: tuple[FormField, ...] = (
            FormField("channel", "How was it sent", hint="portal, e-mail, post, telephone"),
            FormField("when", "When", value="now", preview=lambda t: said(t, now=self.now(), zone=self.zone).readback),
            FormField("reference", "Their reference number"),
            FormField("receipt", "Receipt (a file; kept among the evidence)"),
            FormField("late", "Why late, if it is"),
        )
        void = void_by_change(self.draft, newest) if self.draft else ""
        if void:
            exact = (("no", "look again first"), ("yes", f"yes: version {newest.version.number} went out as it was"))
            fields = (*fields, FormField("as_it_was", f"{void} Was it sent all the same?", Kind.CHOICE, choices=exact))

        def accept(typed: dict[str, str]) -> object:
            receipt = Path(typed["receipt"]).expanduser() if typed["receipt"].strip() else None
            sent = Sent(
                typed["channel"],
                newest.version.id,
                reference=typed["reference"],
                receipt=receipt,
                late_reason=typed["late"],
                as_it_was=typed.get("as_it_was") == "yes",
            )
            when = said(typed["when"], now=self.now(), zone=self.zone)
            return record_filing(self.desk, self.incident, sent, when, now=self.now())

        self.ask("Record the sending", fields, accept)
