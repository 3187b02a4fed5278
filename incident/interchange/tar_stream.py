"""A tar archive (POSIX, pax) as a stream of bytes: files of any size pass through without being held."""

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

_BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its name, how many bytes it has, and the bytes."""

    name: str
    size: int
    chunks: Iterable[bytes]


def tar_chunks(members: Iterable[Member], *, made_at: datetime) -> Iterator[bytes]:
    """The archive; raises ValueError when a member's bytes are not as many as it says."""
    for member in members:
        head = tarfile.TarInfo(member.name)
        head.size, head.mode, head.mtime = member.size, 0o600, int(made_at.timestamp())
        yield head.tobuf(tarfile.PAX_FORMAT)
        done = 0
        for chunk in member.chunks:
            done += len(chunk)
            yield chunk
        if done != member.size:
            raise ValueError(f"{member.name} has {done} bytes and not {member.size}")
        yield bytes(-done % _BLOCK)
    yield bytes(2 * _BLOCK)
