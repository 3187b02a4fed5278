"""PDF objects in bytes: the little of the file format that a press writes, without a library in the loop."""

import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
FREE = b"\x00\x00\x00\x00\x00\xff\xff"
"""The cross-reference entry of a number that is not used."""
_SMALL = 400
"""Bytes below which deflating a stream costs more than it saves."""


def deflated(raw: bytes) -> bytes:
    """A short stream deflated with a window of its own size: a seventh of the time of the usual call."""
    press = zlib.compressobj(1, zlib.DEFLATED, 11, 4)
    return press.compress(raw) + press.flush()


def stream_object(number: int, dictionary: bytes, stream: bytes, *, is_deflated: bool = True) -> bytes:
    """An indirect object that is a stream; `stream` stands as it is."""
    flate = b"/Filter/FlateDecode" if is_deflated else b""
    return b"%d 0 obj\n<<%s%s/Length %d>>stream\n%s\nendstream\nendobj\n" % (number, dictionary, flate, len(stream), stream)


def content_object(number: int, content: bytes) -> bytes:
    """A content stream, deflated where that pays."""
    if len(content) < _SMALL:
        return stream_object(number, b"", content, is_deflated=False)
    return stream_object(number, b"", deflated(content))


def object_stream(number: int, held: Sequence[tuple[int, bytes]], *, level: int = 9) -> bytes:
    """Objects (number, body) in one object stream."""
    index, at = [], 0
    for each, body in held:
        index.append(b"%d %d" % (each, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    data = zlib.compress(head + b"\n".join(body for _, body in held), level)
    return stream_object(number, b"/Type/ObjStm/N %d/First %d" % (len(held), len(head)), data)


def offset_entry(offset: int) -> bytes:
    """The cross-reference entry of an object at an offset."""
    return b"\x01" + offset.to_bytes(4, "big") + b"\x00\x00"


def held_entries(stream: int, count: int, *, since: int = 0) -> bytes:
    """The cross-reference entries of `count` objects in an object stream, in order, from the place `since` in it."""
    head = b"\x02" + stream.to_bytes(4, "big")
    return head + head.join(_INDEX[since : since + count]) if count else b""


_INDEX = tuple(each.to_bytes(2, "big") for each in range(65_536))


def cross_reference(number: int, *, index: bytes, entries: bytes, root: int, about: int, identity: bytes) -> bytes:
    """The cross-reference stream and the end of the file after it, without `startxref`."""
    held = b"/Type/XRef/W[1 4 2]/Index[%s]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
        index,
        number + 1,
        root,
        about,
        identity,
        identity,
    )
    return stream_object(number, held, entries)


def end(offset: int) -> bytes:
    """The last lines of a file whose cross-reference stream stands at an offset."""
    return b"startxref\n%d\n%%%%EOF\n" % offset


def identity(parts: Iterable[bytes]) -> bytes:
    """A file identifier that depends on nothing but the content."""
    digest = sha256()
    for each in parts:
        digest.update(each)
    return digest.hexdigest()[:32].encode()


class TailDeflate:
    """A deflated stream whose beginning never changes: the beginning is kept deflated, only the tail is added (stored)."""

    def __init__(self, beginning: bytes) -> None:
        press = zlib.compressobj(9)
        self._head = press.compress(beginning) + press.flush(zlib.Z_FULL_FLUSH)
        self._sum = zlib.adler32(beginning)

    def with_tail(self, tail: bytes) -> bytes:
        """The whole stream; the tail has at most 65,535 bytes."""
        size = len(tail)
        stored = b"\x01" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
        return self._head + stored + tail + zlib.adler32(tail, self._sum).to_bytes(4, "big")
