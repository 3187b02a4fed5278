"""Whose a step is: whoever it was handed to, else the holder of its role — or the deputy, once the holder did not answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from incident.domain.responder import Responder, Role


@dataclass(frozen=True, slots=True)
class Cast:
    """Who holds which role, everybody by id, and who of them can read the incident."""

    holders: Mapping[Role, UUID] = field(default_factory=dict)
    people: Mapping[UUID, Responder] = field(default_factory=dict)
    readers: frozenset[UUID] | None = None
    """None: everybody can."""

    def name(self, who: UUID | None) -> str:
        """The name of a responder; empty for nobody."""
        person = self.people.get(who) if who is not None else None
        return person.name if person is not None else ""

    def deputy(self, who: UUID | None) -> Responder | None:
        """Who stands in for somebody, if that person is still there."""
        person = self.people.get(who) if who is not None else None
        deputy = self.people.get(person.deputy) if person is not None and person.deputy is not None else None
        return deputy if deputy is not None and deputy.active else None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a step is: who has it, and who stands in for them and why."""

    holder: UUID | None = None
    """Whom it was handed to, else who holds the role; None: nobody."""
    stand_in: UUID | None = None
    stand_in_name: str = ""
    why: str = ""
    """Why the deputy is asked: `the target passed`."""
    handed_over: bool = False


def owner_of(role: Role, handed_to: UUID | None, cast: Cast, *, overdue: bool) -> Owner:
    """Whose a step of this role is now; once its target has passed the holder's deputy is asked."""
    holder = handed_to or cast.holders.get(role)
    person = cast.people.get(holder) if holder is not None else None
    gone = person is not None and not person.active
    deputy = cast.deputy(holder)
    if deputy is None or not (overdue or gone):
        return Owner(holder=holder, handed_over=handed_to is not None)
    why = f"{person.name} has left" if gone and person is not None else "the target passed"
    if cast.readers is not None and deputy.id not in cast.readers:
        why += "; let them in first, they cannot read this incident"
    return Owner(holder, deputy.id, deputy.name, why, handed_over=handed_to is not None)
