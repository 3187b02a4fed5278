"""Compiled layouts kept on disk, so that the first letter of a run needs no layout: sealed, named by content.

A layout holds the words of a letter that may not be public yet, so an entry is encrypted (AES-256-GCM) under the caller's
key and its name says nothing. What cannot be opened or read is laid out again.
"""

import base64
import hmac
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from incident.documents.letterpress.recipient import Shape
from incident.documents.letterpress.variant import Element, FaceUse, Part, Place, Sheet, Variant

_NONCE = 12


class LayoutCache:
    """A folder of sealed layouts; `key` has 32 bytes and belongs to the vault."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder, self._key = folder, key

    def get(self, digest: str) -> Variant | None:
        """The layout with this digest, if it is here and whole."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            sealed = self._path(digest).read_bytes()
            raw = AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], digest.encode())
            found = variant_from(json.loads(zlib.decompress(raw)))
        except (OSError, InvalidTag, ValueError, LookupError, TypeError, zlib.error):
            return None
        return found if found.digest == digest else None

    def put(self, variant: Variant) -> None:
        """Keep a layout; a folder that cannot be written only costs time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = zlib.compress(json.dumps(document_of(variant)).encode(), 1)
        nonce = os.urandom(_NONCE)
        path = self._path(variant.digest)
        fresh = path.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(nonce + AESGCM(self._key).encrypt(nonce, raw, variant.digest.encode()))
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / f"{hmac.new(self._key, digest.encode(), 'sha256').hexdigest()[:40]}.layout"


def document_of(variant: Variant) -> dict[str, Any]:
    """A variant as JSON."""
    document: dict[str, Any] = json.loads(json.dumps(asdict(variant), default=lambda raw: base64.b64encode(raw).decode()))
    return document


def variant_from(document: Mapping[str, Any]) -> Variant:
    """The variant of `document_of`."""
    shape = document["shape"]
    return Variant(
        digest=document["digest"],
        title=document["title"],
        language=document["language"],
        shape=Shape(**{**shape, "worded": tuple(shape["worded"]), "extras": tuple(shape["extras"])}),
        sheets=tuple(Sheet(*(_raw(each[key]) for key in ("box", "tagged", "plain"))) for each in document["sheets"]),
        places=tuple(Place(**{**each, "colour": _raw(each["colour"])}) for each in document["places"]),
        faces=tuple(
            FaceUse(
                each["asset"],
                _raw(each["name"]),
                tuple(each["glyphs"]),
                bool(each["is_stamped"]),
                _raw(each["descriptor"]),
                tuple((int(glyph), str(text)) for glyph, text in each["texts"]),
            )
            for each in document["faces"]
        ),
        elements=tuple(_element(each) for each in document["elements"]),
        resources=_raw(document["resources"]),
        parts=tuple(Part(_raw(each["dictionary"]), _raw(each["stream"])) for each in document["parts"]),
        metadata=_raw(document["metadata"]),
        about=_raw(document["about"]),
    )


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _element(given: Mapping[str, Any]) -> Element:
    kids = tuple(kid if isinstance(kid, int) else (int(kid[0]), int(kid[1])) for kid in given["kids"])
    return Element(_raw(given["tag"]), int(given["parent"]), kids, _raw(given["attributes"]))
