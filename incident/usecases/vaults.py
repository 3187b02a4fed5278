"""Open a vault: create it with its recovery code typed back, unlock it, mend a forgotten passphrase."""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, select

from incident.domain.moment import zone_exists
from incident.domain.organisation import STANDING_ANSWERS, Organisation
from incident.domain.permission import Capability
from incident.domain.responder import Function
from incident.errors import ContentError, StoreError
from incident.store.device import DeviceStore
from incident.store.keys import Cost
from incident.store.members import admit_everywhere, rewrap_own
from incident.store.opening import NewVault, open_workspace, prepare_vault
from incident.store.opening import recover as recover_slot
from incident.store.recovery import ONE_CODE, Rule
from incident.store.scratch import sweep_scratch
from incident.store.seals import Seals
from incident.store.slot_keeper import PendingRecovery
from incident.store.tables import IncidentRow, OrganisationRow, ResponderRow
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk, desk_of, require
from incident.usecases.evidence_reading import tidy_evidence


@dataclass(frozen=True, slots=True)
class NewResponder:
    """What is asked about a person before they can sign in."""

    name: str
    sign_in: str
    function: Function
    email: str = ""
    phone: str = ""
    zone: str = "UTC"

    def check(self) -> None:
        """Raise ContentError for a name that is blank, a sign-in with spaces or a zone that does not exist."""
        if not self.name.strip():
            raise ContentError("A responder needs a name.", "Give the name as colleagues know it.")
        if not self.sign_in.strip() or any(each.isspace() for each in self.sign_in):
            raise ContentError(f"«{self.sign_in}» cannot be a sign-in name.", "Use one word, for example `ana`.")
        if not zone_exists(self.zone):
            raise ContentError(f"«{self.zone}» is not a time zone.", "Use an IANA name such as Europe/Berlin.")


@dataclass(slots=True)
class PendingVault:
    """A vault that is not on disk yet: it is written when its recovery code, or every share, has been typed back."""

    _new: NewVault = field(repr=False)
    _organisation: Organisation
    _founder: NewResponder
    _founder_id: UUID

    @property
    def recovery_code(self) -> str:
        """The code, or the shares, a line each."""
        return self._new.recovery_code

    @property
    def papers(self) -> tuple[str, ...]:
        """What is written on paper: the code, or each share."""
        return self._new.papers.texts

    def confirm(self, typed: str, *, now: datetime) -> Desk:
        """Write the vault; a code that does not match is refused and nothing is written."""
        profile = {key: value for key, value in asdict(self._organisation).items() if key != "name"}

        def fill(session: Session, public_key: bytes) -> None:
            session.add(OrganisationRow(name=self._organisation.name, profile=profile))
            session.add(
                ResponderRow(
                    id=self._founder_id,
                    **asdict(self._founder),
                    may_approve=True,
                    administers=True,
                    public_key=public_key,
                    former_public_keys=[],
                )
            )

        workspace = self._new.confirm(typed, now=now, fill=fill)
        return desk_of(workspace)


def prepare(
    path: Path,
    *,
    organisation: Organisation,
    founder: NewResponder,
    passphrase: str,
    device: DeviceStore | None = None,
    cost: Cost | None = None,
    recovery: Rule = ONE_CODE,
) -> PendingVault:
    """Make keys and a recovery code, or shares of one, for a new vault at `path`; nothing is written before `confirm`."""
    founder.check()
    check_organisation(organisation)
    founder_id = uuid4()
    new = prepare_vault(
        path,
        sign_in=founder.sign_in,
        passphrase=passphrase,
        responder_id=founder_id,
        device=device,
        cost=cost,
        recovery=recovery,
    )
    return PendingVault(new, organisation, founder, founder_id)


def check_organisation(organisation: Organisation) -> None:
    """Raise ContentError for a profile without a name or with a zone that does not exist."""
    if not organisation.name.strip():
        raise ContentError("The organisation needs a name.", "Give the name that stands on your letters.")
    if not zone_exists(organisation.timezone):
        raise ContentError(f"«{organisation.timezone}» is not a time zone.", "Use an IANA name such as Europe/Berlin.")
    for key in STANDING_ANSWERS:
        if (said := getattr(organisation, key)) not in ("", "yes", "no"):
            raise ContentError(f"{key.replace('_', ' ')}: «{said}» is neither yes nor no.", "Write yes or no, or leave it out.")


def unlock(
    path: Path, *, sign_in: str, passphrase: str, device: DeviceStore | None = None, now: datetime | None = None
) -> Desk:
    """Sign in: open the vault with this responder's slot; with `now`, what crashes left beside it is tidied up.

    Neither a full disk nor a folder that may only be read keeps anybody out.
    """
    desk = desk_of(open_workspace(path, sign_in=sign_in, passphrase=passphrase, device=device))
    if now is not None:
        sweep_scratch()
        with suppress(StoreError, OSError):
            tidy_evidence(desk, now=now)
    return desk


def recover(
    path: Path,
    *,
    code: str,
    sign_in: str,
    new_passphrase: str,
    now: datetime,
    device: DeviceStore | None = None,
    cost: Cost | None = None,
) -> Desk:
    """Mend a forgotten passphrase with the recovery code.

    The signing key was locked by the old passphrase and is replaced; the former public key stays on record,
    so approvals signed with it can still be checked.
    """

    def fill(workspace: Workspace, paper: Seals | None) -> None:
        with workspace.change("responder.recover", now=now, detail={"sign_in": sign_in}) as session:
            row = session.get_one(ResponderRow, workspace.responder_id)
            row.former_public_keys = [*row.former_public_keys, row.public_key.hex()]
            row.public_key = workspace.public_key
            session.add(row)
            if paper is not None:
                rewrap_own(session, paper, workspace.responder_id, workspace.public_key, now=now)

    workspace = recover_slot(
        path, code=code, sign_in=sign_in, new_passphrase=new_passphrase, fill=fill, device=device, cost=cost
    )
    return desk_of(workspace)


def new_papers(desk: Desk, rule: Rule) -> PendingRecovery:
    """A new recovery code or split that is not in use yet; for who administers: whoever holds it opens the whole vault."""
    require(desk, Capability.ADMINISTER)
    return desk.workspace.slots.new_recovery_code(rule)


def renew_recovery(desk: Desk, pending: PendingRecovery, typed: str, *, now: datetime) -> tuple[str, ...]:
    """Take a new recovery code or split into use once it was typed back, and wrap for it every incident key that we hold.

    The code or the shares before it are void from then on, except for copies of the vault made earlier. Returns the
    references of incidents whose keys are not ours to wrap: only their members still open them.
    """
    require(desk, Capability.ADMINISTER)
    pending.confirm(typed)
    rule = pending.papers.rule
    with desk.workspace.change("vault.recovery", now=now, detail={"needed": rule.needed, "of": rule.of}) as session:
        admit_everywhere(session, None, pending.public_key, now=now)
        rows = session.exec(select(IncidentRow).order_by(IncidentRow.reference)).all()
        return tuple(row.reference for row in rows if row.hidden)
