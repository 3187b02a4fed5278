"""One notice: its fields with the check beside them; versions, approval, PDF and filing."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import DataTable, Footer, Static

from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.notice import FieldType, NoticeField, NoticeKind
from incident.errors import ContentError, RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.texts import local
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notices import Draft, draft, edit_field, set_recipient
from incident.usecases.press import Written, write_pdf
from incident.usecases.versions import VersionView, approve, freeze, versions

_SIGNS = {"have": "✔", "missing": "✘", "may_follow": "…"}


class NoticeScreen(IncidentScreen):
    """Edit, freeze, approve, print, file."""

    TITLE = "Notice"
    BINDINGS = [
        Binding("enter", "edit", "edit", id="notice.edit", tooltip="Write the highlighted field in your own words"),
        Binding("o", "recipient", "recipient", id="notice.recipient", tooltip="To whom it goes", show=False),
        Binding("v", "freeze", "version", id="notice.freeze", tooltip="Freeze the text as a version"),
        Binding("a", "approve", "approve", id="notice.approve", tooltip="Sign as the second person, or refuse"),
        Binding("p", "pdf", "PDF", id="notice.pdf", tooltip="Write the newest version's PDF"),
        Binding("s", "sent", "sent", id="notice.sent", tooltip="Record that it was sent"),
    ]

    def __init__(self, incident: Incident, notice_id: UUID) -> None:
        super().__init__(incident)
        self.notice_id = notice_id
        self.draft: Draft | None = None

    def compose(self) -> ComposeResult:
        """Fields on the left, the check on the right."""
        yield Static("", classes="head", markup=False)
        with Horizontal(id="notice"):
            table: DataTable[str] = DataTable(id="fields", cursor_type="row")
            yield table
            with VerticalScroll(id="check"):
                yield Static("", id="checked")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content."""
        self.query_one(DataTable).add_columns("field", "says", "from")
        self.reload()

    def on_resize(self, event: Resize) -> None:
        """Fold what does not fit."""
        self.set_class(event.size.width < 110, "narrow")

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        self.draft = draft(self.desk, self.notice_id, now=self.now())
        table = self.query_one(DataTable)
        row = table.cursor_row
        table.clear()
        for field in self.draft.template.fields:
            value = self.draft.notice.fields[field.key]
            text = "" if value.is_empty else self._shown(field, value.value)
            shown = text if len(text) < 52 else text[:49] + "…"
            table.add_row(field.label[:30], shown or "—", "edited" if value.edited else value.source, key=field.key)
        table.move_cursor(row=min(row, max(0, table.row_count - 1)))
        table.focus()
        self.query_one(".head", Static).update(self.heading(self.draft.template.title))
        self.query_one("#checked", Static).update(self._check(self.draft, versions(self.desk, self.notice_id)))

    def _shown(self, field: NoticeField, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if field.type is FieldType.MOMENT and isinstance(value, str) and len(value) > 10:
            return local(datetime.fromisoformat(value), self.zone)
        if isinstance(value, list):
            return ", ".join(
                " ".join(str(part) for part in each.values()) if isinstance(each, dict) else each for each in value
            )
        return str(value).replace("\n", " ")

    def _check(self, drafted: Draft, made: tuple[VersionView, ...]) -> Content:
        notice = drafted.notice
        parts: list[Content | tuple[str, str] | str] = [("To ", "bold"), f"{notice.recipient_name or 'nobody yet (o)'}\n"]
        parts += [("Discharges ", "bold"), f"{', '.join(notice.obligations) or 'nothing owed now'}\n\n"]
        for each in drafted.completeness.elements:
            style = "$success" if each.state.value == "have" else "bold $error" if each.state.value == "missing" else "$accent"
            word = each.state.value.replace("_", " ")
            parts += [(f"{_SIGNS[each.state.value]} {word} ", style), f"{each.element.text}\n"]
        for label in (*drafted.completeness.blank_fields, *drafted.completeness.too_long):
            parts += [("✘ ", "bold $error"), f"{label}\n"]
        parts.append(("\nVersions\n", "bold"))
        for one in made:
            parts.append(f"v{one.version.number} {one.version.kind.value} · {one.state.value}\n")
            parts.extend((f"   {'approved' if a.approved else 'refused'} {a.note}\n", "$secondary") for a in one.approvals)
            parts.extend((f"   sent by {f.channel} {f.reference}\n", "$secondary") for f in one.filings)
        if not made:
            parts.append(("none yet: v freezes one\n", "$secondary"))
        return Content.assemble(*parts)

    def _field(self) -> NoticeField:
        table = self.query_one(DataTable)
        key = str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)
        field = self.draft.template.field_named(key) if self.draft else None
        if field is None:
            raise RefusedError("No field is highlighted.", "Choose one.")
        return field

    def on_data_table_row_selected(self) -> None:
        """Enter edits."""
        self.action_edit()

    def action_edit(self) -> None:
        """Write the highlighted field; blank follows the facts again."""
        field = self.attempt(self._field)
        if field is None or self.draft is None:
            return
        value = self.draft.notice.fields[field.key].value
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
        if field.type is FieldType.CHOICE and field.choices:
            form = FormField("text", field.label, Kind.CHOICE, value=text, choices=field.choices)
        elif field.choices:
            listed = ", ".join(json.loads(text)) if text else ""
            form = FormField("text", field.label, value=listed, hint=", ".join(token for token, _ in field.choices))
        else:
            kind = Kind.PROSE if field.type is FieldType.PROSE else Kind.LINE
            form = FormField("text", field.label, kind, value=text, hint=field.guidance)
        self.ask(field.label, (form,), lambda typed: self._edit(field, typed["text"]), intro=field.guidance)

    def _edit(self, field: NoticeField, text: str) -> object:
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
        return edit_field(self.desk, self.notice_id, field.key, value, now=self.now())

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

    def action_freeze(self) -> None:
        """Make a version of the text as it stands."""
        kinds = tuple((each.value, each.value) for each in NoticeKind)
        field = FormField("kind", "This version is", Kind.CHOICE, value="complete", choices=kinds)

        def accept(typed: dict[str, str]) -> object:
            return freeze(self.desk, self.notice_id, NoticeKind(typed["kind"]), now=self.now())

        self.ask("Freeze a version", (field,), accept, intro="Its text never changes; a second person approves exactly it.")

    def _newest(self) -> VersionView:
        made = versions(self.desk, self.notice_id)
        if not made:
            raise RefusedError("There is no version yet.", "Press v to freeze one.")
        return made[-1]

    def action_approve(self) -> None:
        """Sign the newest version as the second person, or refuse it."""
        newest = self.attempt(self._newest)
        if newest is None:
            return
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
        """Ask for the folder and write in the background."""
        newest = self.attempt(self._newest)
        if newest is None:
            return
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
        self.notify(str(written.path), title=f"{written.mark.value.upper()} PDF written", timeout=10, markup=False)
        self.reload()

    def action_sent(self) -> None:
        """Record that the newest version was sent."""
        newest = self.attempt(self._newest)
        if newest is None:
            return
        fields = (
            FormField("channel", "How was it sent", hint="portal, e-mail, post, telephone"),
            FormField("when", "When", value="now", preview=lambda t: said(t, now=self.now(), zone=self.zone).readback),
            FormField("reference", "Their reference number"),
            FormField("receipt", "Receipt (a file; its hash is recorded)"),
            FormField("late", "Why late, if it is"),
        )

        def accept(typed: dict[str, str]) -> object:
            receipt = Path(typed["receipt"]).expanduser() if typed["receipt"].strip() else None
            sent = Sent(
                typed["channel"],
                newest.version.id,
                reference=typed["reference"],
                receipt=receipt,
                late_reason=typed["late"],
            )
            when = said(typed["when"], now=self.now(), zone=self.zone)
            return record_filing(self.desk, self.incident, sent, when, now=self.now())

        self.ask("Record the sending", fields, accept)
