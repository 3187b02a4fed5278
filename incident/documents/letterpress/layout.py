"""A page laid out: HTML → tagged PDF, by a child process that lives as long as there are letters to lay out."""

import base64
import json
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from incident.errors import DocumentError

FONTS = Path(__file__).resolve().parent.parent / "fonts"
_WALL_SECONDS = 90
_NATIVE = "Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. macOS: brew install pango."


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A tagged, uncompressed PDF, and for each sign the page (from 0) and the room to the end of its line in points."""

    pdf: bytes
    rooms: tuple[tuple[int, str, float], ...]


def bundled_fonts() -> dict[str, Path]:
    """The package's own fonts by file name."""
    return {path.name: path for path in sorted(FONTS.glob("*.ttf"))}


class LayoutDesk:
    """Starts the child at the first order and ends it with the block."""

    def __init__(self, fonts: Mapping[str, Path] | None = None) -> None:
        self.fonts = dict(fonts or bundled_fonts())
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "LayoutDesk":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child; closing twice is no error."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def lay_out(self, html: str, *, title: str, language: str, signs: Sequence[str] = ()) -> LaidOut:
        """The page as WeasyPrint sets it; DocumentError when it reaches out, warns, or runs beyond its limits."""
        found = self.attempt(html, title=title, language=language, signs=signs)
        if isinstance(found, str):
            raise DocumentError(found, "Letters are made of their own words and fonts; mend the template.")
        return found

    def attempt(self, html: str, *, title: str, language: str, signs: Sequence[str] = ()) -> LaidOut | str:
        """The same, or in one sentence why not; a child that ran beyond its limits is another's order away."""
        answer = self._answer({"html": html, "title": title, "language": language, "signs": list(signs)})
        if "reached" in answer:
            return f"The letter asks for «{answer['reached']}», which lies outside the document."
        if "pdf" not in answer:
            return f"The layout complains: {answer.get('warned') or answer.get('failed')}."
        rooms = tuple((page, sign, float(room)) for page, sign, room in answer["rooms"])
        return LaidOut(base64.b64decode(answer["pdf"]), rooms)

    def _answer(self, order: Mapping[str, Any]) -> dict[str, Any]:
        child = self._child or self._started()
        with suppress(BrokenPipeError):
            _tell(child, order)
        line = self._line(child)
        if not line.endswith(b"\n"):
            self.close()
            raise _stopped(child)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _line(self, child: "subprocess.Popen[bytes]") -> bytes:
        if child.stdout is None:
            return b""
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            return child.stdout.readline() if selector.select(_WALL_SECONDS) else b""

    def _started(self) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(  # noqa: S603 - our own module, our own interpreter
            [sys.executable, "-I", "-m", "incident.documents.letterpress.layout_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._child = child
        _tell(child, {name: str(path) for name, path in self.fonts.items()})
        return child


def _tell(child: "subprocess.Popen[bytes]", order: Mapping[str, Any]) -> None:
    if child.stdin is not None:
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()


def _stopped(child: "subprocess.Popen[bytes]") -> DocumentError:
    if child.returncode == 1:
        return DocumentError("The layout cannot start: a native library that PDFs need may not be installed.", _NATIVE)
    return DocumentError("The letter grew beyond its limits of time or memory and was stopped.", "Shorten it.")
