"""Team: who holds which role and who stands in, hand-overs with their times, whom to call, who may read the incident."""

from collections.abc import Iterator
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.membership import Circle
from incident.domain.responder import Responder, Role, RoleLine
from incident.domain.roster import CallLine, duty_words, phone_words
from incident.tui.team_acts import TeamActs
from incident.tui.widgets.blocks import Block, Blocks
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.call_tree import call_notes, calls
from incident.usecases.desk import responders
from incident.usecases.members import members
from incident.usecases.roles import roster

_ROLE = 20
"""Cells of the column with the roles below the table."""


class TeamScreen(TeamActs):
    """Roles with their holders; a core role nobody holds is a gap."""

    TITLE = "Team"
    BINDINGS = [
        Binding("enter", "assign", "assign", id="role.assign", tooltip="Give the highlighted role; the holder hands over"),
        Binding("g", "give_up", "give up", id="role.give-up", tooltip="Leave the role without a successor"),
        Binding("c", "contact", "contact", id="responder.contact", tooltip="Telephone, hours, zone and deputy of somebody"),
        Binding("p", "print", "call tree", id="team.call-tree", tooltip="Write the call tree as a PDF for the wall"),
        Binding("i", "invite", "invite", id="responder.invite", tooltip="Give somebody a slot of their own"),
        Binding("m", "let_in", "let in", id="member.add", tooltip="Let somebody read this incident"),
        Binding("x", "let_out", "let out", id="member.remove", tooltip="Take this incident's keys from somebody"),
    ]

    def compose(self) -> ComposeResult:
        """Roles, then what is wrong, the call tree, the hand-overs, and who may read the incident."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("role"),
            Column("held by", share=2, least=18),
            Column("telephone", most=24),
            Column("now", most=24, drop=True),
            Column("deputy", most=24, drop=True),
            Column("since", drop=True),
            id="roles",
        )
        with VerticalScroll(id="people"):
            yield Blocks(id="who")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.lines: dict[str, RoleLine] = {}
        self.called: dict[UUID, Responder] = {}
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        self.lines = {each.role.value: each for each in roster(self.desk, self.fresh())}
        self.called = {each.id: each for each in responders(self.desk)}
        table = self.query_one(Table)
        table.show((key, self._cells(each)) for key, each in self.lines.items())
        table.focus()
        self.query_one("#who", Blocks).show((*self._notes(), *self._calls(), *self._hand_overs(), *self._members()))
        self.query_one(".head", Static).update(self.heading("team"))

    def _cells(self, each: RoleLine) -> tuple[str, ...]:
        holder = each.holder
        if holder is None:
            return each.role.label, "NOBODY" if each.is_gap else "—", "", "", "", ""
        deputy = self.called.get(holder.deputy) if holder.deputy is not None else None
        since = local(each.since_at, self.zone) if each.since_at else ""
        return (
            each.role.label,
            holder.name,
            phone_words(holder),
            duty_words(holder, self.now()),
            deputy.name if deputy is not None else "nobody",
            since,
        )

    def _notes(self) -> Iterator[Block]:
        """What is wrong with the team as it stands."""
        for note in call_notes(self.desk, self.incident):
            yield Block(Content.styled(note, "$accent"), Content.styled("! ", "bold $error"), indent=2)

    def _calls(self) -> Iterator[Block]:
        yield Block(Content.styled("Call tree: from the top down, after fifteen minutes the deputy", "bold"), gap=1)
        for each in calls(self.desk, self.incident):
            yield Block(self._call(each), Content.styled(f"{'  ' * each.depth}{each.part}", "$secondary"), indent=_ROLE)

    def _call(self, each: CallLine) -> Content:
        if each.person is None:
            return Content.styled("NOBODY: the commander", "bold $error")
        person, deputy = each.person, each.deputy
        rights = " · may approve" if person.may_approve else ""
        stands_in = f"{deputy.name}, {phone_words(deputy)}" if deputy is not None else "no deputy"
        return Content.assemble(
            (person.name, "bold"),
            f" {phone_words(person)} · {duty_words(person, self.now())}{rights}",
            (f" · else {stands_in}", "$secondary"),
        )

    def _hand_overs(self) -> Iterator[Block]:
        """Who held what before, from when until when, and what they told the next one."""
        gap = 1
        for each in self.lines.values():
            for held in each.before:
                if gap:
                    yield Block(Content.styled("Hand-overs", "bold"), gap=1)
                    gap = 0
                until = local(held.relinquished_at, self.zone) if held.relinquished_at else ""
                name = self.called[held.responder_id].name if held.responder_id in self.called else "?"
                note = f": {held.handover_note}" if held.handover_note else ""
                said = f"{name}, {local(held.assumed_at, self.zone)} until {until}{note}"
                yield Block(Content(said), Content.styled(each.role.label, "$secondary"), indent=_ROLE)

    def _members(self) -> Iterator[Block]:
        yield Block(Content.styled(f"Who may read {self.incident.reference} (m lets in, x lets out)", "bold"), gap=1)
        for one in members(self.desk, self.incident):
            counsel = " · counsel's circle: privileged lines too" if Circle.COUNSEL in one.circles else ""
            yield Block(Content(f"{one.name}{counsel} · since {local(one.granted_at, self.zone)}"))
        gone = ", ".join(each.name for each in self.called.values() if not each.active)
        if gone:
            yield Block(Content.styled(f"Left the team: {gone}", "$secondary"))

    def role(self) -> Role:
        """The highlighted role."""
        return Role(self.query_one(Table).chosen)

    def holder(self) -> Responder | None:
        """Who holds it."""
        return self.lines[self.query_one(Table).chosen].holder

    @on(DataTable.RowSelected)
    def clicked(self) -> None:
        """A click on the highlighted role gives it, as Enter does."""
        self.action_assign()
