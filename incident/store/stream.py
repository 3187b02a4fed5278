"""The format INCIDEV1: a file of any size, encrypted in chunks that cannot be altered, moved, dropped or added (STREAM).

A header of 72 bytes: 8 magic, 4 size of a chunk, 32 salt, 7 nonce prefix, 21 the name of the incident key. The file's own
key is HKDF(incident key, salt, header), so an altered header opens nothing; the nonce of a chunk is the prefix, its number
in 32 bits, and whether it is the last. Both ways run in the memory of two chunks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import BinaryIO, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store.keys import subkey
from incident.store.seals import KeyName

MAGIC = b"INCIDEV1"
CHUNK = 64 * 1024
"""Bytes of plain content in a chunk."""
HEADER_BYTES = 72
TAG_BYTES = 16
_LARGEST_CHUNK = 1024 * 1024
_SALT, _PREFIX = 32, 7
_MOST_CHUNKS = 2**32
_CIRCLES = {each.value[:1].encode(): each for each in Circle}

Progress = Callable[[int], None]
"""Told the bytes done so far; what it raises stops the work."""


class Readable(Protocol):
    """What bytes come from: a file, a pipe, standard input."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read on the way in: the SHA-256 of the plain bytes, and how many they were."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a file; authenticated, because the file's key is derived from it."""

    chunk: int
    salt: bytes
    prefix: bytes
    key_name: KeyName

    def to_bytes(self) -> bytes:
        """The 72 bytes as they stand in the file."""
        return MAGIC + self.chunk.to_bytes(4, "big") + self.salt + self.prefix + self.key_name.to_bytes()

    def cipher(self, key: bytes) -> AESGCM:
        """The cipher of this file alone, from the incident's key."""
        return AESGCM(subkey(key, "evidence-file", salt=self.salt, info=self.to_bytes()))

    def nonce(self, number: int, *, last: bool) -> bytes:
        """The nonce of a chunk: its place, and whether the file ends with it."""
        return self.prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


def does_not_hold(named: str, why: str) -> StoreError:
    """The refusal of a file that is not what was written; `named` says which item it is."""
    return StoreError(f"{named} does not hold: {why}.", "Put its file back from a backup, then verify it again.")


def encrypt(
    source: Readable, target: BinaryIO, name: KeyName, key: bytes, *, chunk: int = CHUNK, progress: Progress | None = None
) -> Taken:
    """Write `source` encrypted to `target`, hashing it in the same pass."""
    header = Header(chunk, token_bytes(_SALT), token_bytes(_PREFIX), name)
    cipher, digest, size, number = header.cipher(key), sha256(), 0, 0
    target.write(header.to_bytes())
    plain = _filled(source, chunk)
    while True:
        following = _filled(source, chunk) if len(plain) == chunk else b""
        digest.update(plain)
        size += len(plain)
        target.write(cipher.encrypt(header.nonce(number, last=not following), plain, None))
        if progress is not None:
            progress(size)
        if not following:
            return Taken(digest.hexdigest(), size)
        plain, number = following, number + 1
        if number == _MOST_CHUNKS:
            raise StoreError("The file is too large to be kept in one piece.", "Split it, and keep the parts.")


def read_header(source: Readable, named: str) -> Header:
    """The head of a file; raises StoreError for bytes that are none, before anything is derived from them."""
    raw = _filled(source, HEADER_BYTES)
    if not raw.startswith(MAGIC):
        raise does_not_hold(named, "its file is not in the format INCIDEV1")
    chunk, name = int.from_bytes(raw[8:12], "big"), raw[51:]
    if len(raw) < HEADER_BYTES or not 1 <= chunk <= _LARGEST_CHUNK or name[18:19] not in _CIRCLES:
        raise does_not_hold(named, "the head of its file is damaged")
    key_name = KeyName(UUID(bytes=name[2:18]), _CIRCLES[name[18:19]], int.from_bytes(name[19:], "big"))
    header = Header(chunk, raw[12:44], raw[44:51], key_name)
    if header.to_bytes() != raw:
        raise does_not_hold(named, "the head of its file is damaged")
    return header


def decrypt(source: Readable, header: Header, key: bytes, named: str) -> Iterator[bytes]:
    """The plain chunks after the header, each authenticated with its place; raises StoreError at the first bad one."""
    cipher, size, number = header.cipher(key), header.chunk + TAG_BYTES, 0
    sealed = _filled(source, size)
    while True:
        following = _filled(source, size)
        last = not following
        plain = _opened(cipher, header.nonce(number, last=last), sealed)
        if plain is None:
            raise does_not_hold(named, _why(cipher, header, number, sealed, last=last))
        yield plain
        if last:
            return
        sealed, number = following, number + 1


def _opened(cipher: AESGCM, nonce: bytes, sealed: bytes) -> bytes | None:
    try:
        return cipher.decrypt(nonce, sealed, None)
    except InvalidTag:
        return None


def _why(cipher: AESGCM, header: Header, number: int, sealed: bytes, *, last: bool) -> str:
    """What became of a chunk that does not open where it stands."""
    if len(sealed) < TAG_BYTES:
        return "its file is cut short"
    if _opened(cipher, header.nonce(number, last=not last), sealed) is not None:
        return "its file is cut short" if last else "something was appended to its file"
    return f"part {number + 1} of its file was altered, moved or cut"


def _filled(source: Readable, size: int) -> bytes:
    """`size` bytes, fewer only at the end: a pipe gives what it has."""
    first = source.read(size) or b""
    if len(first) == size or not first:
        return first
    parts, missing = [first], size - len(first)
    while missing and (more := source.read(missing)):
        parts.append(more)
        missing -= len(more)
    return b"".join(parts)
