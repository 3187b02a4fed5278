"""Team: who holds which role, hand-over with a note, and inviting a second person."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.membership import Circle
from incident.domain.responder import Function, Role, RoleLine
from incident.store.device import system_device_store
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.desk import responders
from incident.usecases.members import let_in, let_out, members
from incident.usecases.people import invite
from incident.usecases.roles import assign, relinquish, roster
from incident.usecases.vaults import NewResponder

_FUNCTIONS = (("it", "IT"), ("legal", "legal"), ("management", "management"), ("outside", "outside help"))

_CIRCLES = (("no", "the incident"), ("yes", "the incident and, in counsel's circle, its privileged lines"))
_OUT_OF = (("no", "the incident and its privileged lines"), ("yes", "the privileged lines only"))
_KNOWN = "What they have read they know; what is written from now on they cannot open."


class TeamScreen(IncidentScreen):
    """Roles with their holders; a core role nobody holds is a gap."""

    TITLE = "Team"
    BINDINGS = [
        Binding("enter", "assign", "assign", id="role.assign", tooltip="Give the highlighted role; the holder hands over"),
        Binding("g", "give_up", "give up", id="role.give-up", tooltip="Leave the role without a successor"),
        Binding("i", "invite", "invite", id="responder.invite", tooltip="Give somebody a slot of their own"),
        Binding("m", "let_in", "let in", id="member.add", tooltip="Let somebody read this incident"),
        Binding("x", "let_out", "let out", id="member.remove", tooltip="Take this incident's keys from somebody"),
    ]

    def compose(self) -> ComposeResult:
        """Roles, then who may read the incident, then everybody with their telephone."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("role"),
            Column("held by", share=1, least=18),
            Column("telephone", most=22),
            Column("since", drop=True),
            Column("before", drop=True),
            id="roles",
        )
        with VerticalScroll(id="people"):
            yield Static("", id="who-reads")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        table = self.query_one(Table)
        table.show((each.role.value, self._cells(each)) for each in roster(self.desk, self.fresh()))
        table.focus()
        found = Content.assemble(*self._members(), *self._call_tree())
        self.query_one("#who-reads", Static).update(found)
        self.query_one(".head", Static).update(self.heading("team"))

    def _cells(self, each: RoleLine) -> tuple[str, ...]:
        who = each.holder.name if each.holder else "NOBODY" if each.is_gap else "—"
        phone = (each.holder.phone or "no number") if each.holder else ""
        since = local(each.since_at, self.zone) if each.since_at else ""
        return each.role.label, who, phone, since, str(len(each.before) or "")

    def _members(self) -> Iterable[tuple[str, str] | str]:
        yield f"Who may read {self.incident.reference}", "bold"
        yield " (m lets in, x lets out)\n", "$secondary"
        for one in members(self.desk, self.incident):
            counsel = " · counsel's circle: privileged lines too" if Circle.COUNSEL in one.circles else ""
            yield f"  {one.name}{counsel} · since {local(one.granted_at, self.zone)}\n"

    def _call_tree(self) -> Iterable[tuple[str, str] | str]:
        yield "Call tree\n", "bold"
        for one in responders(self.desk):
            rights = " · may approve" if one.may_approve else ""
            left = " · left" if not one.active else ""
            yield f"  {one.name} ({one.sign_in}) · {one.function.value} · {one.phone or 'no number'}{rights}{left}\n"

    def _role(self) -> Role:
        return Role(self.query_one(Table).chosen)

    @on(DataTable.RowSelected)
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

    def action_let_in(self) -> None:
        """Let one more responder read the incident; asks for the passphrase."""
        inside = {each.responder_id: each for each in members(self.desk, self.incident)}
        outside = [
            each
            for each in responders(self.desk)
            if each.active and (each.id not in inside or Circle.COUNSEL not in inside[each.id].circles)
        ]
        if not outside:
            self.notify("Everybody in the vault can read it, privileged lines included.")
            return
        people = tuple((each.sign_in, each.name) for each in outside)
        fields = (
            FormField("who", "Who may read it from now on", Kind.CHOICE, choices=people),
            FormField("counsel", "What", Kind.CHOICE, choices=_CIRCLES),
        )

        def accept(typed: dict[str, str]) -> object:
            return let_in(self.desk, self.incident, typed["who"], counsel=typed["counsel"] == "yes", now=self.now())

        self.confirmed(lambda: self.ask("Let somebody in", fields, accept))

    def action_let_out(self) -> None:
        """Take the incident's keys from a responder; asks for the passphrase."""
        found = members(self.desk, self.incident)
        if not found:
            self.notify("Nobody holds a key of this incident.")
            return
        sign_ins = {each.id: each.sign_in for each in responders(self.desk)}
        people = tuple((sign_ins[each.responder_id], each.name) for each in found)
        fields = (
            FormField("who", "Who may no longer read it", Kind.CHOICE, choices=people),
            FormField("counsel", "What", Kind.CHOICE, choices=_OUT_OF),
        )

        def accept(typed: dict[str, str]) -> object:
            let_out(self.desk, self.incident, typed["who"], only_counsel=typed["counsel"] == "yes", now=self.now())
            return None

        self.confirmed(lambda: self.ask("Let somebody out", fields, accept, intro=_KNOWN))

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
        self.confirmed(lambda: self.ask("Invite a responder", fields, self._invite, slow=True))

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
