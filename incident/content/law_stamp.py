"""What an answer of the law hangs on besides facts and time, as one stamp: law, program, calendars, time zones.

Answers kept beside the record carry it. A file that was touched, added or replaced gives another stamp, and an answer
with the old one is computed again. Files are not read for it: their sizes and times are asked.
"""

import os
import sys
import zoneinfo
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from incident.content.folders import PACKAGE, regime_folders

_PARTS = ("domain", "content", "usecases")
_LIBRARIES = ("holidays", "dateutil", "tzdata")
_KINDS = (".py", ".toml")


def law_stamp() -> str:
    """The stamp as the files stand now."""
    digest = sha256(sys.version.encode())
    for line in sorted(_lines()):
        digest.update(line.encode(errors="surrogateescape") + b"\n")
    return digest.hexdigest()


def _lines() -> Iterator[str]:
    for folder in (*(PACKAGE / part for part in _PARTS), *regime_folders()):
        yield from _under(str(folder))
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin:
            yield _line(str(Path(spec.origin).parent))
    for zones in zoneinfo.TZPATH:
        for name in ("tzdata.zi", "+VERSION", ""):
            yield _line(os.path.join(zones, name))  # noqa: PTH118 - a name for the stamp, asked a thousand times


def _under(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for each in found:
            if each.is_dir():
                if each.name != "__pycache__":
                    yield from _under(each.path)
            elif each.name.endswith(_KINDS):
                yield _line(each.path)


def _line(path: str) -> str:
    try:
        held = os.stat(path)  # noqa: PTH116 - asked a thousand times
    except OSError:
        return f"{path} -"
    return f"{path} {held.st_size} {held.st_mtime_ns} {held.st_ctime_ns} {held.st_ino}"
