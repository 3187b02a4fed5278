"""The child that lays letters out: one WeasyPrint for many orders, nothing to reach, limits on time and memory.

Orders and answers are JSON lines. An answer holds the tagged PDF and, for each sign, the room to the end of its line, so
that a text can be refused by its width before it is printed.
"""

import base64
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

from incident.documents.logo import picture_of

_CPU_SECONDS = 60
_MEMORY_BYTES = 2 * 1024**3
_POINTS = 0.75
"""A CSS pixel in points."""


class _Collector(logging.Handler):
    """Keeps warnings: an unloadable font or a missing sign would otherwise be replaced silently."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message; the slower subsetter harms no page."""
        message = record.getMessage()
        if not message.startswith("Using fontTools instead of HarfBuzz-Subset"):
            self.kept.append(message)


def main() -> int:
    """Answer orders until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    fonts = {name: Path(path) for name, path in json.loads(sys.stdin.readline()).items()}
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    collector = _Collector()
    logging.getLogger("weasyprint").handlers = [collector]
    configuration, fetcher = FontConfiguration(), _bundle(fonts)
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        collector.kept.clear()
        try:
            answer = _laid_out(json.loads(line), configuration, fetcher)
        except FatalURLFetchingError as error:
            answer = {"reached": str(error)}
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, MemoryError) as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        if collector.kept:
            answer = {"warned": collector.kept[0]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


def _bundle(fonts: dict[str, Path]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Bundle(URLFetcher):  # type: ignore[misc]
        """Serves the named fonts and refuses everything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The font with this name."""
            if (picture := picture_of(url)) is not None:
                return URLFetcherResponse(url, picture[1], {"Content-Type": picture[0]})
            path = fonts.get(url.removeprefix("asset:"))
            if path is None or not url.startswith("asset:"):
                raise FatalURLFetchingError(url[:200])
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

    return Bundle(allowed_protocols=())


def _laid_out(order: dict[str, Any], configuration: Any, fetcher: Any) -> dict[str, Any]:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    document = HTML(string=order["html"], url_fetcher=fetcher, base_url="asset:").render(
        font_config=configuration, pdf_tags=True
    )
    if document.metadata.attachments:
        raise FatalURLFetchingError("an attachment linked in the template")
    document.metadata.title, document.metadata.lang = order["title"], order["language"]
    signs = set(order["signs"])
    rooms = [
        (number, sign, room)
        for number, page in enumerate(document.pages)
        for sign, room in _rooms(page._page_box, signs, None, None)
    ]
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, uncompressed_pdf=True)
    return {"pdf": base64.b64encode(pdf).decode(), "rooms": rooms}


def _rooms(box: Any, signs: set[str], block: Any, line: Any) -> Any:
    """Each sign with the points from its left edge to the end of its line; 0 where a text there could not grow."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox) and box.text in signs:
        last = max(each.position_x for each in line.descendants() if isinstance(each, boxes.TextBox))
        grows = block.style["text_align_all"] in ("start", "left", "justify") and last <= box.position_x
        yield box.text, (block.content_box_x() + block.width - box.position_x) * _POINTS if grows else 0
    if isinstance(box, boxes.BlockContainerBox):
        block = box
    if isinstance(box, boxes.LineBox):
        line = box
    for child in getattr(box, "children", ()):
        yield from _rooms(getattr(child, "_box", child), signs, block, line)


if __name__ == "__main__":
    sys.exit(main())
