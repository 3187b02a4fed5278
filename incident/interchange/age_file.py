"""Files in the format of age (age-encryption.org/v1), which anybody opens with a standard tool, years on.

`pyrage` does the cryptography and is an extra: without it this says how to get it. What is encrypted is streamed, so a file
may be larger than memory. With a passphrase, the passphrase opens a small key file and the key file opens the large one,
because a passphrase in the format's own way would hold all of it in memory.
"""

import importlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from incident.errors import ContentError, RefusedError


@dataclass(slots=True)
class ChunkFile:
    """Chunks of bytes as a file that is read once; what the chunks raise is kept, because the library renames it."""

    chunks: Iterator[bytes]
    failure: BaseException | None = None
    _left: bytes = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        try:
            while not self._left:
                self._left = next(self.chunks)
        except StopIteration:
            return b""
        except BaseException as error:
            self.failure = error
            raise
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def recipients_from(texts: Sequence[str]) -> list[Any]:
    """The recipients `age1…`, `ssh-ed25519 …` or `ssh-rsa …`; raises ContentError for what is none."""
    library = _library()
    found = []
    for text in texts:
        kind = library.ssh if text.startswith("ssh-") else library.x25519
        try:
            found.append(kind.Recipient.from_str(text.strip()))
        except library.RecipientError as error:
            hint = "It begins with age1, ssh-ed25519 or ssh-rsa; have it sent again over a way that you trust."
            raise ContentError(f"«{text}» is not an age recipient.", hint) from error
    return found


def encrypt_for(recipients: Sequence[Any], chunks: Iterable[bytes], path: Path) -> None:
    """Write the chunks encrypted into a new file that only its owner reads; raises what the chunks raise."""
    library = _library()
    source = ChunkFile(iter(chunks))
    with _new_file(path) as target:
        try:
            library.encrypt_io(source, target, recipients)
        except library.EncryptError as error:
            raise source.failure or OSError(str(error)) from error
        target.flush()
        os.fsync(target.fileno())


def key_file(passphrase: str, path: Path) -> Any:
    """Write a new key, encrypted under a passphrase, into a file of its own; returns the recipient that it opens."""
    library = _library()
    identity = library.x25519.Identity.generate()
    with _new_file(path) as target:
        target.write(library.passphrase.encrypt(f"{identity}\n".encode(), passphrase))
        target.flush()
        os.fsync(target.fileno())
    return identity.to_public()


def _new_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _library() -> Any:
    try:
        return importlib.import_module("pyrage")
    except ImportError as error:
        raise RefusedError(
            "Age files need a library that is not installed here.", "Install the extra `age`: pip install 'incident[age]'"
        ) from error
