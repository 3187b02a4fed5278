"""F8: what a process holds in its memory, and a screen in a pseudo-terminal to look into (Linux; one's own children)."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path


def hits(pid: int, wanted: Mapping[str, bytes]) -> dict[str, int]:
    """How often each pattern stands in the writable memory of a process."""
    found = dict.fromkeys(wanted, 0)
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights = line.split()[:2]
            start, end = (int(each, 16) for each in place.split("-"))
            if "w" not in rights or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            try:
                memory.seek(start)
                raw = memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue
            for name, pattern in wanted.items():
                found[name] += raw.count(pattern)
    return found


class Terminal:
    """The screen on a vault, in a pseudo-terminal of 140 by 40."""

    def __init__(self, vault: Path) -> None:
        self.fd, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        words = [sys.executable, "-m", "incident", "open", "--vault", str(vault)]
        env = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(words, stdin=inner, stdout=inner, stderr=inner, env=env, start_new_session=True)
        os.close(inner)
        self.shown = b""

    def wait(self, text: str, *, seconds: float = 60) -> None:
        """Read until the text was drawn."""
        until = time.monotonic() + seconds
        while text.encode() not in self.shown:
            if time.monotonic() > until:
                raise AssertionError(f"«{text}» was never drawn; the end: {self.shown[-600:]!r}")
            self._read(0.2)

    def settle(self) -> None:
        """Read for a moment: what a blinking cursor draws never ends."""
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            self._read(0.2)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            self.shown += os.read(self.fd, 65536)
        except OSError:
            return False
        return True

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.fd, keys.encode())

    def forget(self) -> None:
        """Begin to read anew."""
        self.shown = b""

    def end(self) -> None:
        """End the process that this terminal started."""
        self.process.kill()
        self.process.wait()
        os.close(self.fd)
