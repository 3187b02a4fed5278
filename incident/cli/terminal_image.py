"""A page as a picture, and a picture in a terminal that can show one (the protocols of kitty and of iTerm2)."""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from incident.errors import DocumentError, RefusedError

_CHUNK = 4096


def first_page(pdf: Callable[[Path], Path], to: Path | None) -> bytes:
    """The first page as PNG, written to `to` if that is named. Raises RefusedError where no program here draws PDFs."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise RefusedError("No program that draws PDFs is here.", "Install poppler-utils (pdftoppm), or write --pdf FILE.")
    with tempfile.TemporaryDirectory() as folder:
        path = pdf(Path(folder) / "preview.pdf")
        order = [program, "-png", "-r", "90", "-f", "1", "-l", "1", "-singlefile", str(path), str(path.with_suffix(""))]
        if subprocess.run(order, check=False, timeout=60).returncode:  # noqa: S603 - the program we found, our own file
            raise DocumentError("The page could not be drawn.", "Write --pdf FILE and look at that.")
        picture = path.with_suffix(".png").read_bytes()
    if to is not None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(picture)
    return picture


def show_image(picture: bytes) -> None:
    """Show a PNG in this terminal; refused where it cannot show one."""
    text = base64.b64encode(picture).decode()
    if "KITTY_WINDOW_ID" in os.environ or "kitty" in os.environ.get("TERM", "") or "ghostty" in os.environ.get("TERM", ""):
        parts = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
        for number, part in enumerate(parts):
            first = "a=T,f=100," if number == 0 else ""
            sys.stdout.write(f"\033_G{first}m={int(number < len(parts) - 1)};{part}\033\\")
        sys.stdout.write("\n")
    elif os.environ.get("TERM_PROGRAM", "") in ("iTerm.app", "WezTerm"):
        sys.stdout.write(f"\033]1337;File=inline=1;preserveAspectRatio=1:{text}\a\n")
    else:
        raise RefusedError("This terminal does not show pictures.", "Write --png FILE or --pdf FILE.")
