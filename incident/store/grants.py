"""Grants: a new master key for the holder of a slot who is not there to type a passphrase.

It is wrapped under the slot's public key and vouched for under the master key before it, so that nobody who never held
that one can hand out another. At the holder's next sign-in the slot is wrapped directly around the new key.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256

from incident.errors import StoreError
from incident.store.keys import as_bytes, as_text, canonical, subkey
from incident.store.seals import unwrap_with, wrap_for


def grant(header: Mapping[str, object], slot: Mapping[str, object], old: bytes, new: bytes) -> dict[str, object]:
    """The slot with a new master key wrapped for its holder, vouched for by whoever held the old one."""
    earlier = grants_of(slot)
    context = _grant_context(header, slot, len(earlier))
    sealed = wrap_for(bytes.fromhex(str(slot["public_key"])), new, context)
    mac = hmac.new(subkey(old, "grant"), context + sealed, sha256).hexdigest()
    return {**slot, "grants": [*earlier, {"sealed": as_text(sealed), "mac": mac}]}


def granted(header: Mapping[str, object], slot: Mapping[str, object], master: bytes, signing: bytes) -> bytes:
    """The newest master key that a slot has been granted, each vouched for under the one before."""
    for number, each in enumerate(grants_of(slot)):
        context, sealed = _grant_context(header, slot, number), as_bytes(each.get("sealed"))
        mac = hmac.new(subkey(master, "grant"), context + sealed, sha256).hexdigest()
        found = unwrap_with(signing, bytes.fromhex(str(slot["public_key"])), sealed, context)
        if found is None or not hmac.compare_digest(mac, str(each.get("mac", ""))):
            raise StoreError("vault.json was altered outside the program.", "Put back vault.json.previous or a backup.")
        master = found
    return master


def grants_of(slot: Mapping[str, object]) -> list[dict[str, object]]:
    """The master keys granted to a slot since its holder signed in last."""
    held = slot.get("grants", [])
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def _grant_context(header: Mapping[str, object], slot: Mapping[str, object], number: int) -> bytes:
    return canonical({"vault": header["id"], "slot": slot["id"], "grant": number})
