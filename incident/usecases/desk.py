"""A desk: one unlocked vault and the responder who sits at it. Every use case takes one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from incident.domain.organisation import Organisation
from incident.domain.permission import Capability, may, why_not
from incident.domain.responder import Responder
from incident.errors import RefusedError, StoreError
from incident.store.tables import OrganisationRow, ResponderRow
from incident.store.values import value_of
from incident.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """An unlocked vault and who is signed in; closing it drops the keys."""

    workspace: Workspace
    me: Responder

    def close(self) -> None:
        """Close the vault; what reminders stand on is brought up to date first, where they are on."""
        if self.workspace.changed_at is not None:
            from incident.usecases.reminders import refresh_after  # they need a desk; this one needs them at its end only

            refresh_after(self, self.workspace.changed_at)
        self.workspace.close()


def desk_of(workspace: Workspace) -> Desk:
    """The desk of the responder whose slot opened this vault; refused for one who has left."""
    with workspace.reading() as session:
        row = session.get(ResponderRow, workspace.responder_id)
        if row is None:
            workspace.close()
            raise StoreError(
                f"The slot «{workspace.sign_in}» belongs to nobody in this vault.",
                "Restore vault.json and incident.db from the same backup.",
            )
        me = value_of(Responder, row)
    if not me.active:
        workspace.close()
        raise RefusedError(f"{me.name} is no longer active in this vault.", "Ask a responder who administers it.")
    return Desk(workspace, me)


def require(desk: Desk, capability: Capability) -> None:
    """Raise RefusedError unless the responder at this desk may do this."""
    if not may(desk.me, capability):
        raise RefusedError(*why_not(desk.me, capability))


def responders(desk: Desk) -> tuple[Responder, ...]:
    """Everybody in the vault, by name; those who left included."""
    with desk.workspace.reading() as session:
        return responders_in(session)


def responders_in(session: Session) -> tuple[Responder, ...]:
    """Everybody in the vault, by name, read in a running transaction."""
    rows = session.exec(select(ResponderRow).order_by(ResponderRow.name)).all()
    return tuple(value_of(Responder, row) for row in rows)


def names(desk: Desk) -> dict[UUID, str]:
    """Responder names by id, for views."""
    return {each.id: each.name for each in responders(desk)}


def responder_named(desk: Desk, name: str) -> Responder:
    """The active responder with this sign-in or name; refused with the known ones when there is none or several."""
    wanted = name.strip().lower()
    active = [each for each in responders(desk) if each.active]
    for match in (
        [each for each in active if each.sign_in.lower() == wanted],
        [each for each in active if each.name.lower() == wanted],
        [each for each in active if each.name.lower().startswith(wanted)],
    ):
        if len(match) == 1:
            return match[0]
    known = ", ".join(each.sign_in for each in active)
    raise RefusedError(f"«{name}» is not one responder of this vault.", f"Name one of: {known}.")


def organisation(desk: Desk) -> Organisation:
    """The organisation's profile."""
    with desk.workspace.reading() as session:
        return organisation_in(session)


def organisation_in(session: Session) -> Organisation:
    """The organisation's profile, read in a running transaction."""
    row = session.exec(select(OrganisationRow)).one()
    profile: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.profile.items()}
    return Organisation(name=row.name, **profile)
