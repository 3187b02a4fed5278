"""F7: strings that must never be found outside the vault's encryption, and the search for them."""

import base64
from collections.abc import Iterator
from pathlib import Path


def canary(number: int) -> str:
    """A string that occurs nowhere else."""
    return f"KANARI{number:02}vogel{(number * 7919) % 1000:03}"


ALL = tuple(canary(number) for number in range(30))


def spellings(text: str) -> tuple[bytes, ...]:
    """How a text may lie in a file: as it is, in wide characters, in hexadecimal, in base64."""
    raw = text.encode()
    return raw, text.encode("utf-16-le"), text.encode("utf-32-le"), raw.hex().encode(), base64.b64encode(raw)[:-4]


def leaks(folders: tuple[Path, ...], texts: tuple[str, ...], *, declared: tuple[Path, ...] = ()) -> Iterator[str]:
    """Every file (or file name) below these folders that holds one of the texts; declared exports are left out."""
    wanted = [(text, spelling) for text in texts for spelling in spellings(text)]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if any(each == path or each in path.parents for each in declared):
                continue
            raw = str(path.name).encode() + (path.read_bytes() if path.is_file() else b"")
            yield from (f"{path}: {text}" for text, spelling in wanted if spelling in raw)
