"""HTML → PDF/A-3a and PDF/UA-1 in one file, made by WeasyPrint in a child process with limits.

The child reads HTML on its standard input and may reach nothing but the fonts of this package. A template that
asks for a file or the network is refused by name; one that runs away is stopped.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from incident.documents.glyphs import settable
from incident.errors import DocumentError

_WALL_SECONDS = 120
_NATIVE = "Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. macOS: brew install pango."


def render_pdf(
    html: str, *, title: str, language: str, notice_json: bytes, made_at: datetime, keywords: Sequence[str] = ()
) -> bytes:
    """The PDF of a document, with its content attached as `notice.json`; the same input gives the same bytes.

    A character that no font here has is set as its stand-in; `keywords` stand in the file's own metadata alone.
    """
    order = {
        "html": settable(html)[0],
        "keywords": list(keywords),
        "title": title,
        "language": language,
        "attachment": base64.b64encode(notice_json).decode(),
        "made_at": made_at.isoformat(),
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module, our own interpreter
            [sys.executable, "-I", "-m", "incident.documents.press_child"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError("The document took too long to lay out and was stopped.", "Shorten it.") from error
    if done.returncode == 0 and done.stdout.startswith(b"%PDF-"):
        return done.stdout
    raise _refusal(done.returncode, done.stderr.decode(errors="replace"))


def _refusal(status: int, errors: str) -> DocumentError:
    last = errors.strip().splitlines()[-1] if errors.strip() else ""
    if last.startswith("reached out: "):
        return DocumentError(
            f"The template asks for «{last.removeprefix('reached out: ')}», which lies outside the document.",
            "Documents are made of their own words and fonts; remove it from the template.",
        )
    if last.startswith("warned: "):
        return DocumentError(f"The layout complains: {last.removeprefix('warned: ')}.", "Mend the template.")
    if "cannot load library" in errors:
        return DocumentError("A native library that PDFs need is not installed.", _NATIVE)
    if status < 0:
        return DocumentError("The document grew beyond its limits and was stopped.", "Shorten it.")
    return DocumentError(f"The document cannot be laid out: {last or f'status {status}'}.", "Mend the template.")
