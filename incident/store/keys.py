"""Keys: what a passphrase, a device secret or a recovery code is turned into, and how keys wrap keys.

Argon2id (RFC 9106) for passphrases, HKDF-SHA-256 (RFC 5869) for sub-keys, AES-256-GCM for wrapping. The
parameters in a header are bounded both ways before any work is done.
"""

import base64
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incident.errors import RefusedError, StoreError

KEY_BYTES = 32
_MIN_PASSPHRASE = 14


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard a passphrase is to try: memory in KiB, passes, lanes."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def check(self) -> None:
        """Refuse parameters below the floor (a downgrade) or absurdly high (a header made to exhaust memory)."""
        if not (64 * 1024 <= self.memory_kib <= 4 * 1024 * 1024 and 3 <= self.passes <= 20 and 1 <= self.lanes <= 16):
            raise StoreError("vault.json asks for key derivation outside the safe bounds.", "Restore vault.json from a backup.")


FLOOR = Cost(memory_kib=64 * 1024)
"""The cheapest derivation that is accepted; tests use it."""


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that can be guessed: shorter than 14 characters, or of few different ones."""
    if len(passphrase) < _MIN_PASSPHRASE or len(set(passphrase.lower())) < 6:
        raise RefusedError(
            f"The passphrase is too easy: it needs at least {_MIN_PASSPHRASE} characters, at least six of them different.",
            "Six unrelated words are best.",
        )


def subkey(master: bytes, label: str, *, salt: bytes | None = None, info: bytes = b"") -> bytes:
    """A sub-key of 32 bytes for one purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt, b"incident:" + label.encode() + b"\0" + info).derive(master)


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Argon2id over the passphrase in NFKC."""
    cost.check()
    plain = unicodedata.normalize("NFKC", passphrase).encode()
    try:
        kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
        return kdf.derive(plain)
    except MemoryError as error:
        need = f"{cost.memory_kib // 1024} MiB"
        raise StoreError(f"Deriving the key needs {need} of memory, and there is not so much.", "Close programs.") from error


def wrap(key: bytes, secret: bytes, aad: bytes) -> tuple[bytes, bytes]:
    """Encrypt `secret` under `key`: nonce and ciphertext."""
    nonce = token_bytes(12)
    return nonce, AESGCM(key).encrypt(nonce, secret, aad)


def unwrap(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    """The secret, or None when key, content or context do not match."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        return None


def canonical(content: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and no spaces: the bytes that are authenticated."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def as_text(value: bytes) -> str:
    """Bytes as a header writes them."""
    return base64.b64encode(value).decode()


def as_bytes(value: object) -> bytes:
    """Bytes as a header holds them; raises StoreError for what is none."""
    try:
        return base64.b64decode(str(value), validate=True)
    except ValueError as error:
        raise StoreError("vault.json is damaged.", "Put back vault.json.previous or a backup.") from error


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FOLD = str.maketrans({"0": "O", "1": "I", "8": "B", " ": None, "-": None})


def recovery_code(secret: bytes) -> str:
    """32 random bytes and a 24-bit checksum as base32 in groups of four, for paper."""
    checked = secret + sha256(b"incident recovery\0" + secret).digest()[:3]
    text = base64.b32encode(checked).decode().rstrip("=")
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def plain_code(text: str) -> str:
    """A code or share as its letters alone; 0/O, 1/I and 8/B are taken for each other."""
    return text.strip().upper().translate(_FOLD)


def recovery_secret(code: str) -> bytes:
    """The secret of a code as typed; a typing error is refused."""
    plain = plain_code(code)
    wrong = RefusedError("The recovery code does not match its checksum.", "Compare it with the paper, group by group.")
    if len(plain) != 56 or any(each not in _ALPHABET for each in plain):
        raise wrong
    checked = base64.b32decode(plain)
    secret, checksum = checked[:32], checked[32:]
    if sha256(b"incident recovery\0" + secret).digest()[:3] != checksum:
        raise wrong
    return secret
