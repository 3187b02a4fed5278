"""The team of the vault and the organisation's profile: invite, change who approves, let go, edit once."""

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import select

from incident.documents.logo import LARGEST_FILE, logo_uri
from incident.domain.facts_document import parse_value
from incident.domain.moment import zone_exists
from incident.domain.organisation import Organisation
from incident.domain.permission import Capability
from incident.domain.responder import Responder
from incident.domain.roster import shifts
from incident.errors import ContentError, RefusedError
from incident.store.device import DeviceStore
from incident.store.tables import OrganisationRow, ResponderRow
from incident.store.values import value_of
from incident.store.workspace import slots
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, require, responder_named, responders
from incident.usecases.members import open_to_all, share_with_newcomer
from incident.usecases.vaults import NewResponder, check_organisation


def invite(
    desk: Desk,
    person: NewResponder,
    *,
    passphrase: str,
    may_approve: bool,
    now: datetime,
    device: DeviceStore | None = None,
) -> Responder:
    """Give a second person a slot of their own; their passphrase is typed by them, not by you."""
    require(desk, Capability.ADMINISTER)
    person.check()
    begun = next((each for each in responders(desk) if each.sign_in.lower() == person.sign_in.lower()), None)
    if begun is not None and _has_slot(desk, person.sign_in):
        raise RefusedError(f"The sign-in name «{person.sign_in}» is taken.", "Choose another one.")
    responder_id = begun.id if begun is not None else uuid4()
    shared = open_to_all(desk, but=responder_id)
    slot = desk.workspace.slots.slot_for(
        sign_in=person.sign_in, responder_id=responder_id, passphrase=passphrase, device=device
    )
    with desk.workspace.change("responder.invite", now=now, detail={"sign_in": person.sign_in}) as session:
        row = session.get(ResponderRow, responder_id) or ResponderRow(id=responder_id, **asdict(person), former_public_keys=[])
        row.may_approve, row.public_key, row.active = may_approve, bytes.fromhex(str(slot["public_key"])), True
        session.add(row)
        session.flush()
        newcomer = value_of(Responder, row)
        share_with_newcomer(session, newcomer, shared, now=now)
    # The slot comes last: without it nobody signs in, and inviting once more finishes what was interrupted.
    desk.workspace.slots.put(slot, replacing=person.sign_in)
    return newcomer


def _has_slot(desk: Desk, sign_in: str) -> bool:
    return any(each.sign_in.lower() == sign_in.lower() for each in slots(desk.workspace.path))


def change_responder(
    desk: Desk,
    sign_in: str,
    *,
    now: datetime,
    may_approve: bool | None = None,
    administers: bool | None = None,
    phone: str | None = None,
    email: str | None = None,
    zone: str | None = None,
    deputy: str | None = None,
    hours: str | None = None,
) -> Responder:
    """Change a responder's contact data (one's own, or anybody's as administrator) or what they may do.

    `deputy` names who stands in for them, blank for nobody; `hours` are read by `domain.roster`.
    """
    person = responder_named(desk, sign_in)
    _check_contact(zone, hours)
    grants = may_approve is not None or administers is not None
    if grants or person.id != desk.me.id:
        require(desk, Capability.ADMINISTER)
    wanted = {
        "may_approve": may_approve,
        "administers": administers,
        "phone": phone,
        "email": email,
        "zone": zone,
        "hours": hours.strip() if hours is not None else None,
    }
    changed: dict[str, object] = {key: value for key, value in wanted.items() if value is not None}
    if deputy is not None:
        changed["deputy"] = _deputy(desk, person, deputy)
    _keep_an_administrator(desk, replace(person, **changed))  # type: ignore[arg-type]
    with desk.workspace.change("responder.change", now=now, detail={"fields": sorted(changed)}) as session:
        row = session.get_one(ResponderRow, person.id)
        for key, value in changed.items():
            setattr(row, key, value)
        session.add(row)
        session.flush()
        return value_of(Responder, row)


def _check_contact(zone: str | None, hours: str | None) -> None:
    """Raise ContentError for a zone that does not exist or hours that cannot be read."""
    if zone is not None and not zone_exists(zone):
        raise ContentError(f"«{zone}» is not a time zone.", "Use an IANA name such as Europe/Berlin.")
    shifts(hours or "")


def _deputy(desk: Desk, person: Responder, name: str) -> UUID | None:
    if not name.strip():
        return None
    deputy = responder_named(desk, name)
    if deputy.id == person.id:
        raise RefusedError(f"{person.name} cannot stand in for themselves.", "Name somebody else.")
    return deputy.id


def let_go(desk: Desk, sign_in: str, *, now: datetime) -> Responder:
    """Close a responder's slot and give the vault a new master key; the rest sign in as before.

    A copy of the vault made earlier still opens with their passphrase.
    """
    require(desk, Capability.ADMINISTER)
    person = _leaving(desk, sign_in)
    if person.id == desk.me.id:
        raise RefusedError("You cannot close your own slot.", "Ask another responder who administers the vault.")
    gone = replace(person, active=False)
    if person.active:
        _keep_an_administrator(desk, gone)
        with desk.workspace.change("responder.leave", now=now, detail={"sign_in": person.sign_in}) as session:
            row = session.get_one(ResponderRow, person.id)
            row.active = False
            session.add(row)
    # Their row comes first: from then on the program lets them do nothing, and letting go once more finishes the rest.
    desk.workspace.renew_master(without=person.sign_in)
    return gone


def _leaving(desk: Desk, sign_in: str) -> Responder:
    """Who is let go; also somebody whose letting go was interrupted before their slot was closed."""
    for each in responders(desk):
        if not each.active and each.sign_in.lower() == sign_in.strip().lower() and _has_slot(desk, each.sign_in):
            return each
    return responder_named(desk, sign_in)


def _keep_an_administrator(desk: Desk, changed: Responder) -> None:
    others = [each for each in responders(desk) if each.id != changed.id]
    if not any(each.administers and each.active for each in (*others, changed)):
        raise RefusedError("Somebody must administer the vault.", "Give that right to another responder first.")


def logo_from(path: Path) -> str:
    """The logo in a file, checked and drawn anew; ContentError says what is wrong with it."""
    try:
        with path.open("rb") as file:
            return logo_uri(file.read(LARGEST_FILE + 1))
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}.", "Name the logo's file.") from error


def save_organisation(desk: Desk, profile: Organisation, *, now: datetime) -> Organisation:
    """Replace the organisation's profile; incidents that recorded a fact of their own keep it."""
    require(desk, Capability.ADMINISTER)
    check_organisation(profile)
    vocabulary = catalogue().law.vocabulary
    for key, value in profile.facts().items():
        parse_value(vocabulary.kind(key), value, vocabulary)
    with desk.workspace.change("organisation.save", now=now) as session:
        row = session.exec(select(OrganisationRow)).one()
        row.name = profile.name
        row.profile = {key: value for key, value in asdict(profile).items() if key != "name"}
        session.add(row)
    return profile
