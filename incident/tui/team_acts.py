"""What is done with the team on its screen: roles change hands, people come and go, their contact data, the call tree."""

from pathlib import Path

from incident.domain.membership import Circle
from incident.domain.responder import Function, Responder, Role
from incident.errors import RefusedError
from incident.store.device import system_device_store
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.call_tree import write_call_tree
from incident.usecases.desk import responder_named, responders
from incident.usecases.members import let_in, let_out, members
from incident.usecases.people import change_responder, invite
from incident.usecases.roles import assign, relinquish
from incident.usecases.vaults import NewResponder

_FUNCTIONS = (("it", "IT"), ("legal", "legal"), ("management", "management"), ("outside", "outside help"))
_CIRCLES = (("no", "the incident"), ("yes", "the incident and, in counsel's circle, its privileged lines"))
_OUT_OF = (("no", "the incident and its privileged lines"), ("yes", "the privileged lines only"))
_KNOWN = "What they have read they know; what is written from now on they cannot open."


class TeamActs(IncidentScreen):
    """The acts upon roles and people."""

    def role(self) -> Role:
        """The highlighted role; the screen knows which."""
        raise RefusedError("No role is highlighted.", "Choose one.")

    def holder(self) -> Responder | None:
        """Who holds the highlighted role."""
        return None

    def action_assign(self) -> None:
        """Give the highlighted role; who holds it hands over at this moment."""
        role, holder = self.role(), self.holder()
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active and each != holder)
        if not people:
            self.show_refusal(RefusedError("There is nobody else.", "Invite somebody: i."))
            return
        fields = (
            FormField("who", f"Who is {role.label}", Kind.CHOICE, choices=people),
            FormField("note", "Hand-over note: what the next one must know"),
        )
        intro = f"{holder.name} hands over now; the time stands in the record." if holder is not None else ""

        def accept(typed: dict[str, str]) -> object:
            return assign(self.desk, self.incident, role, typed["who"], now=self.now(), note=typed["note"])

        self.ask(f"{'Hand over' if holder else 'Assign'} {role.label}", fields, accept, intro=intro)

    def action_give_up(self) -> None:
        """Leave the highlighted role without a successor."""
        role = self.role()

        def accept(typed: dict[str, str]) -> object:
            relinquish(self.desk, self.incident, role, now=self.now(), note=typed["note"])
            return None

        self.ask(f"Give up {role.label}", (FormField("note", "Note"),), accept)

    def action_contact(self) -> None:
        """Telephone, hours, zone and deputy of somebody: first who, then what."""
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        holder = self.holder()
        first = holder.sign_in if holder is not None and holder.active else self.desk.me.sign_in
        chosen: list[Responder] = []

        def accept(typed: dict[str, str]) -> None:
            chosen.append(responder_named(self.desk, typed["who"]))

        field = FormField("who", "Whose", Kind.CHOICE, value=first, choices=people)
        self.ask("Contact and deputy", (field,), accept, button="Go on", then=lambda: self._contact(chosen[0]))

    def _contact(self, person: Responder) -> None:
        others = [each for each in responders(self.desk) if each.active and each.id != person.id]
        deputy = next((each.sign_in for each in others if each.id == person.deputy), "")
        people = (("", "nobody"), *((each.sign_in, each.name) for each in others))
        fields = (
            FormField("phone", "Telephone that works without a directory", value=person.phone, hint="+49 30 5550 0100"),
            FormField("hours", "Works, in their own zone", value=person.hours, hint="Mon-Fri 09:00-17:30 · always"),
            FormField("zone", "Time zone", value=person.zone),
            FormField("deputy", "Who stands in when they do not answer", Kind.CHOICE, value=deputy, choices=people),
        )

        def accept(typed: dict[str, str]) -> object:
            return change_responder(self.desk, person.sign_in, now=self.now(), **typed)  # type: ignore[arg-type]

        self.ask(person.name, fields, accept)

    def action_print(self) -> None:
        """Write the call tree as a PDF for the wall; it leaves the vault, so the passphrase is asked for."""
        field = FormField("folder", "Into which folder", value=str(Path.home() / "incident-documents"))

        def accept(typed: dict[str, str]) -> None:
            folder = Path(typed["folder"].strip()).expanduser()
            path = write_call_tree(self.desk, self.incident, folder, now=self.now())
            self.app.call_from_thread(self.notify, str(path), title="Written", markup=False)

        intro = "Names, numbers, hours and deputies, in the clear: keep it where no network is needed."
        self.confirmed(lambda: self.ask("Print the call tree", (field,), accept, intro=intro, button="Write", slow=True))

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
