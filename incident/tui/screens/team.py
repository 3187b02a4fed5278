"""Team: who holds which role, hand-over with a note, and inviting a second person."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable, Footer, Static

from incident.domain.responder import Function, Role
from incident.store.device import system_device_store
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.texts import local
from incident.usecases.desk import responders
from incident.usecases.people import invite
from incident.usecases.roles import assign, relinquish, roster
from incident.usecases.vaults import NewResponder

_FUNCTIONS = (("it", "IT"), ("legal", "legal"), ("management", "management"), ("outside", "outside help"))


class TeamScreen(IncidentScreen):
    """Roles with their holders; a core role nobody holds is a gap."""

    TITLE = "Team"
    BINDINGS = [
        Binding("enter", "assign", "assign", id="role.assign", tooltip="Give the highlighted role; the holder hands over"),
        Binding("g", "give_up", "give up", id="role.give-up", tooltip="Leave the role without a successor"),
        Binding("i", "invite", "invite", id="responder.invite", tooltip="Give somebody a slot of their own"),
    ]

    def compose(self) -> ComposeResult:
        """Roles, then everybody with their telephone."""
        yield Static("", classes="head", markup=False)
        table: DataTable[str] = DataTable(cursor_type="row")
        yield table
        yield Static("", id="page", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content."""
        self.query_one(DataTable).add_columns("role", "held by", "telephone", "since", "before")
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        table = self.query_one(DataTable)
        row = table.cursor_row
        table.clear()
        for each in roster(self.desk, self.fresh()):
            who = each.holder.name if each.holder else "NOBODY" if each.is_gap else "—"
            phone = (each.holder.phone or "no number") if each.holder else ""
            since = local(each.since_at, self.zone) if each.since_at else ""
            table.add_row(each.role.label, who, phone, since, str(len(each.before) or ""), key=each.role.value)
        table.move_cursor(row=row)
        table.focus()
        lines = ["Call tree"]
        for one in responders(self.desk):
            rights = " · may approve" if one.may_approve else ""
            left = " · left" if not one.active else ""
            lines.append(f"  {one.name} ({one.sign_in}) · {one.function.value} · {one.phone or 'no number'}{rights}{left}")
        self.query_one("#page", Static).update("\n".join(lines))
        self.query_one(".head", Static).update(self.heading("team"))

    def _role(self) -> Role:
        table = self.query_one(DataTable)
        return Role(str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value))

    def on_data_table_row_selected(self) -> None:
        """Enter assigns."""
        self.action_assign()

    def action_assign(self) -> None:
        """Give the highlighted role."""
        role = self._role()
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        fields = (
            FormField("who", f"Who is {role.label}", Kind.CHOICE, choices=people),
            FormField("note", "Hand-over note: what the next one must know"),
        )

        def accept(typed: dict[str, str]) -> object:
            return assign(self.desk, self.incident, role, typed["who"], now=self.now(), note=typed["note"])

        self.ask(f"Assign {role.label}", fields, accept)

    def action_give_up(self) -> None:
        """Leave the highlighted role."""
        role = self._role()

        def accept(typed: dict[str, str]) -> object:
            relinquish(self.desk, self.incident, role, now=self.now(), note=typed["note"])
            return None

        self.ask(f"Give up {role.label}", (FormField("note", "Note"),), accept)

    def action_invite(self) -> None:
        """Give somebody a slot; they type their passphrase themselves."""
        fields = (
            FormField("name", "Name"),
            FormField("sign_in", "The word they sign in with"),
            FormField("function", "From", Kind.CHOICE, choices=_FUNCTIONS),
            FormField("phone", "Telephone that works without a directory"),
            FormField("zone", "Time zone", value=self.zone),
            FormField("approves", "May approve notices", Kind.CHOICE, choices=(("no", "no"), ("yes", "yes"))),
            FormField("passphrase", "They type their passphrase", Kind.SECRET, hint="at least 14 characters"),
        )
        self.ask("Invite a responder", fields, self._invite)

    def _invite(self, typed: dict[str, str]) -> object:
        person = NewResponder(
            typed["name"], typed["sign_in"], Function(typed["function"]), phone=typed["phone"], zone=typed["zone"]
        )
        return invite(
            self.desk,
            person,
            passphrase=typed["passphrase"],
            may_approve=typed["approves"] == "yes",
            now=self.now(),
            device=system_device_store(),
        )
