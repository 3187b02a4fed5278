"""The vault's header: one random master key, wrapped in a slot per responder and one for recovery.

`vault.json` holds no secrets. Each slot's wrapping is bound to the vault and to every field of the slot, and the
whole header is authenticated under the master key: a slot moved, a parameter lowered or a slot removed is found.
An old copy of the header with a revoked passphrase still opens an old copy of the vault: no envelope prevents it.
"""

import hmac
import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incident.errors import RefusedError, StoreError
from incident.store.durable import held_alone, sync_folder
from incident.store.grants import granted
from incident.store.header_shape import LONGEST_HEADER, header_in
from incident.store.keys import Cost, as_bytes, as_text, canonical, stretch, subkey, unwrap, wrap
from incident.store.recovery import Papers, Rule, rule_of, secret_in

HEADER = "vault.json"
_FORMAT = "incident-vault/1"
RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """Who can open the vault, and with what; nothing secret."""

    slot_id: str
    sign_in: str
    responder_id: UUID | None
    kind: str
    """`passphrase`, `passphrase+device` or `recovery`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a slot gives: the master key and, in a responder's slot, their signing key."""

    master: bytes = field(repr=False)
    signing: bytes = field(repr=False, default=b"")
    slot: Mapping[str, object] = field(default_factory=dict, repr=False)
    healed: Mapping[str, object] | None = field(default=None, repr=False)
    """The slot wrapped directly around a master key that it had been granted since; to be written at once."""


def read_header(path: Path, name: str = HEADER) -> dict[str, object]:
    """The header of a vault; raises StoreError for a folder that is none."""
    try:
        with (path / name).open("rb") as file:
            header = header_in(file.read(LONGEST_HEADER + 1))
    except OSError as error:
        hint = "Create one with `incident vault create`, or name another folder with --vault."
        raise StoreError(f"There is no vault in {path}.", hint) from error
    except ValueError as error:
        raise StoreError(f"{path / HEADER} is damaged.", f"Put back the previous copy, {HEADER}.previous.") from error
    if header.get("format") != _FORMAT:
        raise StoreError(f"{path / HEADER} is not a vault's header of this version.", "Name another folder.")
    return header


def write_header(path: Path, header: Mapping[str, object], master: bytes, *, name: str = HEADER) -> None:
    """Authenticate and write the header: temporary file, fsync, rename, fsync of the folder; the last one is kept."""
    body = {key: value for key, value in header.items() if key != "mac"}
    epoch = body.get("epoch", 0)
    body["epoch"] = (epoch if isinstance(epoch, int) else 0) + 1
    content = {**body, "mac": _mac(body, master)}
    fresh = path / f"{HEADER}.{os.getpid()}.part"
    try:
        _write_beside(fresh, content)
        if name == HEADER and (path / name).exists():
            previous = path / f"{HEADER}.previous"
            previous.unlink(missing_ok=True)
            os.link(path / name, previous)
        fresh.replace(path / name)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"vault.json cannot be written: {error.strerror}.", "Nothing was changed; free some space.") from error
    try:
        sync_folder(path)
    except OSError as error:
        hint = "The change may hold all the same: sign in to see, then repeat it if it does not."
        raise StoreError(f"vault.json was written, and the disk does not confirm it: {error.strerror}.", hint) from error


def _write_beside(fresh: Path, content: Mapping[str, object]) -> None:
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def header_lock(path: Path) -> AbstractContextManager[None]:
    """Hold off other writers of the header for as long as this block runs; refused after 15 seconds of waiting."""
    return held_alone(path / "vault.lock")


def _mac(body: Mapping[str, object], master: bytes) -> str:
    return hmac.new(subkey(master, "header"), canonical(body), sha256).hexdigest()


def check_header(header: Mapping[str, object], master: bytes) -> None:
    """Raise StoreError when the header was altered by somebody without the master key."""
    body = {key: value for key, value in header.items() if key != "mac"}
    if not hmac.compare_digest(str(header.get("mac", "")), _mac(body, master)):
        raise StoreError("vault.json was altered outside the program.", "Put back vault.json.previous or a backup.")


def new_header() -> dict[str, object]:
    """A header without slots."""
    return {"format": _FORMAT, "id": str(uuid4()), "epoch": 0, "schema": "", "slots": []}


def slot_infos(header: Mapping[str, object]) -> tuple[SlotInfo, ...]:
    """Who can open the vault."""
    return tuple(
        SlotInfo(
            slot_id=str(each["id"]),
            sign_in=str(each.get("sign_in", "")),
            responder_id=UUID(str(each["responder_id"])) if each.get("responder_id") else None,
            kind=str(each["kind"]),
        )
        for each in slots_in(header)
    )


def slots_in(header: Mapping[str, object]) -> list[dict[str, object]]:
    """The slots as the header holds them."""
    found = header.get("slots", [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def responder_slot(
    header: Mapping[str, object],
    master: bytes,
    *,
    sign_in: str,
    responder_id: UUID,
    passphrase: str,
    device: bytes | None,
    cost: Cost,
) -> tuple[dict[str, object], bytes]:
    """A responder's slot around the master key, with a fresh signing key inside; and that signing key."""
    private = Ed25519PrivateKey.generate()
    slot: dict[str, object] = {
        "id": str(uuid4()),
        "kind": "passphrase+device" if device is not None else "passphrase",
        "sign_in": sign_in,
        "responder_id": str(responder_id),
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": as_text(token_bytes(16)),
        "public_key": private.public_key().public_bytes_raw().hex(),
    }
    kek = _kek(header, slot, stretch(passphrase, as_bytes(slot["salt"]), cost), device)
    signing = private.private_bytes_raw()
    _seal(header, slot, kek, master, signing)
    return slot, signing


def rewrapped(
    header: Mapping[str, object], opened: Opened, *, passphrase: str, device: bytes | None, cost: Cost
) -> dict[str, object]:
    """The same responder's slot with the same signing key under a new passphrase."""
    slot = {key: value for key, value in opened.slot.items() if key not in _SEALED}
    slot |= {"salt": as_text(token_bytes(16)), "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}
    second = device if slot["kind"] == "passphrase+device" else None
    kek = _kek(header, slot, stretch(passphrase, as_bytes(slot["salt"]), cost), second)
    _seal(header, slot, kek, opened.master, opened.signing)
    return slot


def recovery_slot(header: Mapping[str, object], master: bytes, papers: Papers) -> dict[str, object]:
    """The slot that the recovery code or the shares open, with a key of its own for which incident keys are wrapped."""
    private = Ed25519PrivateKey.generate()
    slot: dict[str, object] = {
        "id": str(uuid4()),
        "kind": RECOVERY,
        "salt": as_text(token_bytes(16)),
        "public_key": private.public_key().public_bytes_raw().hex(),
        **papers.in_slot(),
    }
    _seal(header, slot, _kek(header, slot, papers.secret, None), master, private.private_bytes_raw())
    return slot


def recovery_key(header: Mapping[str, object]) -> bytes | None:
    """The public key of the recovery slot; None in a vault from before there were incident keys."""
    held = [str(each.get("public_key", "")) for each in slots_in(header) if each["kind"] == RECOVERY]
    return bytes.fromhex(held[0]) if held and held[0] else None


def recovery_rule(header: Mapping[str, object]) -> Rule:
    """How many papers open the vault when passphrases are lost."""
    return next((rule_of(each) for each in slots_in(header) if each["kind"] == RECOVERY), Rule())


def _kek(header: Mapping[str, object], slot: Mapping[str, object], secret: bytes, device: bytes | None) -> bytes:
    second = sha256(b"device\0" + device).digest() if device is not None else b""
    info = canonical({"vault": header["id"], "kind": slot["kind"]})
    return subkey(secret + second, "slot", salt=as_bytes(slot["salt"]), info=info)


def _seal(header: Mapping[str, object], slot: dict[str, object], kek: bytes, master: bytes, signing: bytes) -> None:
    aad = _aad(header, slot)
    nonce, sealed = wrap(subkey(kek, "master"), master, aad)
    slot["nonce"], slot["wrapped"] = as_text(nonce), as_text(sealed)
    if signing:
        nonce, sealed = wrap(subkey(kek, "signing"), signing, aad)
        slot["signing_nonce"], slot["signing_wrapped"] = as_text(nonce), as_text(sealed)


_SEALED = frozenset({"nonce", "wrapped", "signing_nonce", "signing_wrapped", "grants"})


def _aad(header: Mapping[str, object], slot: Mapping[str, object]) -> bytes:
    bound = {key: value for key, value in slot.items() if key not in _SEALED}
    return canonical({"vault": header["id"], "slot": bound})


def open_slot(header: Mapping[str, object], *, sign_in: str, passphrase: str, device: bytes | None) -> Opened:
    """Open a responder's slot; a wrong passphrase or a missing device secret is refused in the same words."""
    found = [each for each in slots_in(header) if each.get("sign_in") == sign_in]
    if not found:
        known = ", ".join(sorted(each.sign_in for each in slot_infos(header) if each.sign_in))
        raise RefusedError(f"Nobody signs in to this vault as «{sign_in}».", f"Known: {known}.")
    slot = found[0]
    needs_device = slot["kind"] == "passphrase+device"
    cost = Cost(_number(slot["memory_kib"]), _number(slot["passes"]), _number(slot["lanes"]))
    kek = _kek(header, slot, stretch(passphrase, as_bytes(slot["salt"]), cost), device if needs_device else None)
    opened = _open(header, slot, kek)
    if opened is None:
        hint = "Try again, or use the recovery code: `incident vault recover`."
        if needs_device and device is None:
            hint = "This slot also needs the secret in this device's keyring; without it use the recovery code."
        raise RefusedError("The passphrase does not open this vault.", hint)
    return opened


def open_recovery(header: Mapping[str, object], code: str) -> Opened:
    """Open the vault with its recovery code, or with as many shares as it asks for, a line each."""
    for slot in slots_in(header):
        if slot["kind"] == RECOVERY:
            opened = _open(header, slot, _kek(header, slot, secret_in(code, slot, str(header["id"])), None))
            if opened is not None:
                return opened
    raise RefusedError("This recovery code does not open this vault.", "It may be an older one, or another vault's.")


def _open(header: Mapping[str, object], slot: Mapping[str, object], kek: bytes) -> Opened | None:
    aad = _aad(header, slot)
    master = unwrap(subkey(kek, "master"), as_bytes(slot["nonce"]), as_bytes(slot["wrapped"]), aad)
    if master is None:
        return None
    signing = b""
    if "signing_wrapped" in slot:
        sealed = as_bytes(slot["signing_wrapped"])
        signing = unwrap(subkey(kek, "signing"), as_bytes(slot["signing_nonce"]), sealed, aad) or b""
    newest = granted(header, slot, master, signing)
    check_header(header, newest)
    if newest == master:
        return Opened(master, signing, slot)
    healed = {key: value for key, value in slot.items() if key not in _SEALED}
    _seal(header, healed, kek, newest, signing)
    return Opened(newest, signing, slot, healed)


def with_slot(header: Mapping[str, object], slot: Mapping[str, object], *, replacing: str = "") -> dict[str, object]:
    """The header with a slot added; `replacing` drops the slot with this sign-in, or the recovery slot."""
    kept = [each for each in slots_in(header) if not replacing or replacing not in (each.get("sign_in"), each["kind"])]
    return {**header, "slots": [*kept, dict(slot)]}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
