"""Incident keys: what an incident holds is sealed under its own key, which only its members' slots unwrap.

One key per incident and circle (`team`, `counsel`), numbered, because a member who leaves must not read what is
written afterwards. A key is wrapped for each member under the X25519 form of their Ed25519 key (the birational map of
RFC 7748 §4.1), so nothing but the public key on record is needed to let somebody in. A sealed value is bound to its
table and row: moved to another row it does not open. Ids, times, severity and states stay clear, for sorting.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha512
from secrets import token_bytes
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from incident.domain.membership import Circle
from incident.errors import RefusedError, StoreError
from incident.store.keys import KEY_BYTES, subkey, unwrap, wrap

_P = 2**255 - 19
_MAGIC = b"S1"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which key sealed something."""

    incident_id: UUID
    circle: Circle
    number: int

    def to_bytes(self) -> bytes:
        """The head of every sealed value, authenticated with it."""
        return _MAGIC + self.incident_id.bytes + self.circle.value[:1].encode() + self.number.to_bytes(2, "big")


_HEAD = len(_MAGIC) + 16 + 1 + 2
_CIRCLES = {each.value[:1].encode(): each for each in Circle}


def montgomery_public(public_key: bytes) -> X25519PublicKey:
    """The X25519 form of an Ed25519 public key: u = (1 + y) / (1 - y)."""
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    return X25519PublicKey.from_public_bytes(((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(32, "little"))


def montgomery_private(seed: bytes) -> X25519PrivateKey:
    """The X25519 form of an Ed25519 private key (RFC 8032 §5.1.5: the first half of SHA-512 of the seed)."""
    return X25519PrivateKey.from_private_bytes(sha512(seed).digest()[:32])


def wrap_for(public_key: bytes, secret: bytes, context: bytes) -> bytes:
    """Seal a secret for the holder of an Ed25519 key: a fresh X25519 key, HKDF, AES-256-GCM bound to `context`."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    shared = once.exchange(montgomery_public(public_key))
    nonce, sealed = wrap(subkey(shared, "wrap", salt=mine + public_key), secret, context)
    return mine + nonce + sealed


def unwrap_with(seed: bytes, public_key: bytes, wrapped: bytes, context: bytes) -> bytes | None:
    """The secret, or None when it was not wrapped for this key or not for this purpose."""
    theirs, nonce, sealed = wrapped[:32], wrapped[32 : 32 + _NONCE], wrapped[32 + _NONCE :]
    if len(sealed) < 16:
        return None
    shared = montgomery_private(seed).exchange(X25519PublicKey.from_public_bytes(theirs))
    return unwrap(subkey(shared, "wrap", salt=theirs + public_key), nonce, sealed, context)


Finder = Callable[[KeyName | None, UUID, Circle], tuple[int, bytes] | None]
"""Looks up the number and the wrapped form of a key (the newest when no name is given) in the members' table."""


@dataclass(slots=True)
class Seals:
    """The incident keys that this responder holds, unwrapped when they are first needed."""

    seed: bytes = field(repr=False)
    public_key: bytes
    _held: dict[KeyName, bytes] = field(default_factory=dict, repr=False)
    _newest: dict[tuple[UUID, Circle], int] = field(default_factory=dict, repr=False)

    def make(self, incident_id: UUID, circle: Circle, number: int = 1) -> tuple[KeyName, bytes]:
        """A new incident key; the caller wraps it for each member."""
        name, key = KeyName(incident_id, circle, number), token_bytes(KEY_BYTES)
        self._held[name] = key
        self._newest[incident_id, circle] = number
        return name, key

    def forget(self, incident_id: UUID) -> None:
        """Drop what is held for an incident: its membership changed, or a change was rolled back."""
        self._held = {name: key for name, key in self._held.items() if name.incident_id != incident_id}
        self._newest = {key: number for key, number in self._newest.items() if key[0] != incident_id}

    def key(self, name: KeyName, find: Finder) -> bytes | None:
        """The key of this name; None for one that was never wrapped for this responder."""
        if name not in self._held:
            found = find(name, name.incident_id, name.circle)
            key = unwrap_with(self.seed, self.public_key, found[1], name.to_bytes()) if found is not None else None
            if key is None:
                return None
            self._held[name] = key
        return self._held[name]

    def newest(self, incident_id: UUID, circle: Circle, find: Finder) -> tuple[KeyName, bytes] | None:
        """The key that new entries are sealed under; None while the incident has none or it is not ours."""
        number = self._newest.get((incident_id, circle))
        if number is None:
            found = find(None, incident_id, circle)
            if found is None:
                return None
            number = found[0]
            self._newest[incident_id, circle] = number
        name = KeyName(incident_id, circle, number)
        key = self.key(name, find)
        return (name, key) if key is not None else None


def seal(name: KeyName, key: bytes, values: Mapping[str, object], bound: str) -> bytes:
    """The values of a row under an incident key, bound to the row."""
    head = name.to_bytes()
    nonce, sealed = wrap(key, json.dumps(values, default=_plain, ensure_ascii=False).encode(), head + bound.encode())
    return head + nonce + sealed


def name_of(sealed: bytes) -> KeyName:
    """Which key a sealed value asks for; raises StoreError for bytes that are none."""
    if len(sealed) < _HEAD + _NONCE + 16 or not sealed.startswith(_MAGIC) or sealed[18:19] not in _CIRCLES:
        raise StoreError("A sealed value is damaged.", "Run `incident journal verify`, then restore the newest backup.")
    return KeyName(UUID(bytes=sealed[2:18]), _CIRCLES[sealed[18:19]], int.from_bytes(sealed[19:21], "big"))


def unseal(key: bytes, sealed: bytes, bound: str) -> dict[str, Any]:
    """The values of a row; raises StoreError for a value that was altered or moved."""
    nonce, rest = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    plain = unwrap(key, nonce, rest, sealed[:_HEAD] + bound.encode())
    if plain is None:
        raise StoreError(
            f"A sealed value of {bound.partition('|')[0]} was altered or moved.",
            "Run `incident journal verify`, then restore the newest backup.",
        )
    return {key: _rich(value) for key, value in json.loads(plain).items()}


def refuse_stranger(incident: str) -> RefusedError:
    """The refusal for an incident whose key this responder does not hold."""
    return RefusedError(
        f"{incident} is sealed: you are not one of its members.", "A member can let you in: `incident member add`."
    )


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def _rich(value: object) -> object:
    if isinstance(value, dict) and list(value) == ["base64"]:
        return b64decode(str(value["base64"]))
    return value
