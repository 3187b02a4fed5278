"""A bundle of evidence for somebody outside: items, chain of custody and hashes in one archive that only they open.

Encrypted with age to their public keys, or with a passphrase that reaches them another way. What leaves is checked while it
is written; an item that does not hold is put on record as damaged, and no file is left behind.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.domain.evidence import CustodyAct, EvidenceItem, grouped
from incident.domain.fact_record import exercise_mark
from incident.domain.incident import Incident
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError, StoreError
from incident.interchange.age_file import encrypt_for, key_file, recipients_from
from incident.interchange.tar_stream import Member, tar_chunks
from incident.store.durable import sync_folder
from incident.store.keys import check_passphrase
from incident.usecases.desk import Desk, organisation
from incident.usecases.evidence import Act, record_act, record_together, refuse_destroyed
from incident.usecases.evidence_reading import checked_chunks, refuse_privileged
from incident.usecases.exports import names_as_seen
from incident.usecases.rights import require_in

_KEY_FILE = ".key.age"


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom a bundle goes, what for, and what opens it: recipients or a passphrase, one of the two."""

    to_whom: str
    note: str
    recipients: tuple[str, ...] = ()
    passphrase: str = field(default="", repr=False)
    profile: Profile = Profile.REGULATOR

    def check(self) -> None:
        """Raise ContentError for a hand-over that does not say to whom and what for, or how it is opened."""
        if not self.to_whom.strip() or not self.note.strip():
            raise ContentError("Who receives the bundle, or what for, is not said.", "Give both.")
        if bool(self.recipients) == bool(self.passphrase):
            raise ContentError("What opens the bundle is not said, or twice.", "Name recipients, or choose a passphrase.")
        if self.profile is Profile.PUBLIC:
            raise RefusedError("Evidence is not for publication.", "Name whom it is for: privileged, regulator or customer.")
        if self.passphrase:
            check_passphrase(self.passphrase)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle on disk."""

    path: Path
    key_path: Path | None
    """The key file that the passphrase opens; None for a bundle to recipients."""
    items: tuple[EvidenceItem, ...]

    @property
    def opened_by(self) -> str:
        """The command that its receiver types."""
        key = self.key_path.name if self.key_path else "THEIR-KEY.txt"
        return f"age -d -i {key} {self.path.name} | tar -x"


def write_bundle(
    desk: Desk, incident: Incident, items: Sequence[EvidenceItem], path: Path, to: HandOver, *, now: datetime
) -> Bundle:
    """Write items with their chain of custody into an age file; one act of custody each, in one change."""
    to.check()
    require_in(desk, incident, Capability.EXPORT)
    key_path = path.with_name(path.name.removesuffix(".age") + _KEY_FILE) if to.passphrase else None
    _refuse_unfit(items, to.profile, (path, key_path))
    whom = [] if to.passphrase else recipients_from(to.recipients)
    beside, key_beside = (path.parent / f".{token_hex(8)}.part" for _ in range(2))
    try:
        if key_path is not None:
            whom = [key_file(to.passphrase, key_beside)]
        encrypt_for(whom, tar_chunks(_members(desk, incident, items, to, now), made_at=now), beside)
        done = record_together(
            desk, incident, [(each, _act(each, path, to)) for each in items], verb="evidence.bundle", now=now
        )
        if key_path is not None:
            key_beside.replace(key_path)
        beside.replace(path)
        sync_folder(path.parent)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise ContentError(f"{path} cannot be written: {said}.", "Name a file in a folder that you may write to.") from error
    finally:
        for each in (beside, key_beside):
            with suppress(OSError, ValueError):
                each.unlink(missing_ok=True)
    return Bundle(path, key_path, done)


def _refuse_unfit(items: Sequence[EvidenceItem], profile: Profile, paths: Sequence[Path | None]) -> None:
    if not items:
        raise ContentError("No item is named.", "Name the numbers of `incident evidence list`.")
    for item in items:
        refuse_destroyed(item)
        refuse_privileged(item, profile)
    for each in paths:
        if each is not None and os.path.lexists(each):
            raise RefusedError(f"{each} is there already; nothing is overwritten.", "Name another file.")


def _found_whole(desk: Desk, incident: Incident, item: EvidenceItem, now: datetime) -> Iterator[bytes]:
    """An item's bytes; that they do not hold is on record before it is told."""
    try:
        yield from checked_chunks(desk, item)
    except StoreError as error:
        with suppress(StoreError):
            met = Act(CustodyAct.VERIFIED, note=error.message)
            record_act(desk, incident, item, met, now=now, capability=Capability.EXPORT)
        raise


def _act(item: EvidenceItem, path: Path, to: HandOver) -> Act:
    opened = "a passphrase" if to.passphrase else ", ".join(_short(each) for each in to.recipients)
    note = f"bundle {path.name} for {to.profile.value}, opened by {opened} · {to.note.strip()}"
    return Act(CustodyAct.EXPORTED, to_whom=to.to_whom.strip(), note=note, sha256=item.sha256)


def _short(recipient: str) -> str:
    words = recipient.split()
    return f"{words[0]} …{words[1][-8:]}" if len(words) > 1 else f"{recipient[:12]}…{recipient[-8:]}"


def _members(desk: Desk, incident: Incident, items: Sequence[EvidenceItem], to: HandOver, now: datetime) -> Iterator[Member]:
    people = names_as_seen(desk, incident, to.profile)
    zone = organisation(desk).timezone
    for name, text in (
        ("README.txt", _readme(desk, incident, to, now)),
        ("SHA256SUMS", "".join(f"{each.sha256}  {_file_of(each)}\n" for each in items)),
        ("custody.txt", "\n".join(line for each in items for line in _custody(each, to.profile, people, zone))),
        ("manifest.json", _manifest(desk, incident, items, to, people, now)),
    ):
        content = text.encode()
        yield Member(name, len(content), (content,))
    for each in items:
        yield Member(_file_of(each), each.size, _found_whole(desk, incident, each, now))


def _file_of(item: EvidenceItem) -> str:
    """Its name in the archive: nothing in it climbs, hides or is taken for an option."""
    plain = re.sub(r"[^\w.\- ]+", "_", item.name).strip(" .-") or "item"
    return f"items/{item.number:03d}_{plain[:100]}"


def _readme(desk: Desk, incident: Incident, to: HandOver, now: datetime) -> str:
    head = desk.workspace.head()
    lines = (
        f"Evidence of {incident.reference} «{incident.code_name}», {organisation(desk).name}",
        *((exercise_mark(incident),) if incident.exercise else ()),
        to.profile.stamp,
        "",
        f"Handed to   {to.to_whom.strip()}",
        f"For         {to.note.strip()}",
        f"Made        {_instant(now)}",
        f"Journal     entry {head.seq}, {head.hash}",
        "",
        "items/          what was kept, byte for byte as it was acquired",
        "SHA256SUMS      its hashes: check them with  sha256sum -c SHA256SUMS",
        "custody.txt     every act upon each item until this bundle was made",
        "manifest.json   the same for programs",
        "",
        "Keep the encrypted file: what is copied out of it is no longer protected.",
        "",
    )
    return "\n".join(lines)


def _custody(item: EvidenceItem, profile: Profile, people: Mapping[UUID, str], zone: str) -> Iterator[str]:
    yield f"Item {item.number}  {item.name}"
    yield f"  file      {_file_of(item)}, {item.size:,} bytes"
    yield f"  SHA-256   {grouped(item.sha256)}"
    if profile is not Profile.CUSTOMER and item.source:
        yield f"  source    {item.source}"
    for each in _acts(item, profile, people):
        at = f"{datetime.fromisoformat(each['at']).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
        said = " · ".join(each[key] for key in ("to", "note") if each.get(key))
        yield f"  {at}  {each['act']:<12} {each['by']}{f'  {said}' if said else ''}  [{each['hash']}]"
    yield ""


def _acts(item: EvidenceItem, profile: Profile, people: Mapping[UUID, str]) -> Iterator[dict[str, str]]:
    """The acts as this reader gets them: for a customer, who did what when, and no working notes."""
    for each in item.custody:
        held = "not read" if not each.sha256 else "the same hash" if each.sha256 == item.sha256 else "ANOTHER HASH"
        act = {"at": _instant(each.at), "act": each.act.value, "by": people.get(each.by, ""), "hash": held}
        yield act if profile is Profile.CUSTOMER else {**act, "to": each.to_whom, "note": each.note}


def _manifest(
    desk: Desk, incident: Incident, items: Sequence[EvidenceItem], to: HandOver, people: Mapping[UUID, str], now: datetime
) -> str:
    head = desk.workspace.head()
    document = {
        "format": "incident-evidence-bundle/1",
        "stamp": to.profile.stamp,
        "exercise": incident.exercise,
        "incident": {"reference": incident.reference, "code_name": incident.code_name},
        "organisation": organisation(desk).name,
        "made_at": _instant(now),
        "to": to.to_whom.strip(),
        "for": to.note.strip(),
        "journal": {"seq": head.seq, "hash": head.hash},
        "items": [
            {
                "number": each.number,
                "name": each.name,
                "file": _file_of(each),
                "size": each.size,
                "sha256": each.sha256,
                "acquired_at": _instant(each.acquired_at),
                "privileged": each.privileged,
                **({} if to.profile is Profile.CUSTOMER else {"source": each.source, "note": each.note}),
                "custody": list(_acts(each, to.profile, people)),
            }
            for each in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
