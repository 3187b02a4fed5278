"""The child that lays a document out: WeasyPrint with nothing to reach, and limits on time and memory."""

import base64
import json
import logging
import resource
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from incident.documents.logo import picture_of

_FONTS = Path(__file__).resolve().parent / "fonts"
_CPU_SECONDS = 90
_MEMORY_BYTES = 3 * 1024**3
_UA_SCHEMA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema
</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>part of ISO 14289
</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def main() -> int:
    """Read one order from standard input, write one PDF to standard output; the last line of stderr says what failed."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order = json.loads(sys.stdin.buffer.read())
    warned: list[str] = []
    logger = logging.getLogger("weasyprint")
    logger.handlers = [_Collector(warned)]
    from weasyprint.urls import FatalURLFetchingError

    try:
        pdf = _press(order)
    except FatalURLFetchingError as error:
        print(f"reached out: {error}", file=sys.stderr)  # noqa: T201 - the parent reads it
        return 3
    if warned:
        print(f"warned: {warned[0]}", file=sys.stderr)  # noqa: T201 - the parent reads it
        return 4
    sys.stdout.buffer.write(pdf)
    return 0


class _Collector(logging.Handler):
    """Keeps warnings: an unloadable font would otherwise be replaced silently."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message; the slower subsetter harms no page, and characters without a glyph have their stand-in."""
        message = record.getMessage()
        if not message.startswith(("Using fontTools instead of HarfBuzz-Subset", ".notdef glyph")):
            self.kept.append(message)


def _press(order: dict[str, Any]) -> bytes:
    from weasyprint import HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Bundle(URLFetcher):  # type: ignore[misc]
        """Serves the package's fonts by name and the logo that stands in the page itself, and refuses everything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The font with this name."""
            name = url.removeprefix("asset:")
            path = _FONTS / name
            if (picture := picture_of(url)) is not None:
                return URLFetcherResponse(url, picture[1], {"Content-Type": picture[0]})
            if url.startswith("asset:") and path.parent == _FONTS and path.suffix == ".ttf" and path.is_file():
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})
            raise FatalURLFetchingError(url[:200])

    made_at = datetime.fromisoformat(order["made_at"])
    fetcher = Bundle(allowed_protocols=())
    pdf = b""
    for padding in range(_TRIES):  # all anew each time: a document and its attachment can be written once
        attachment = Attachment(
            string=base64.b64decode(order["attachment"]),
            name="notice.json",
            description="The content of this document as data",
            relationship="Data",
            created=made_at,
            modified=made_at,
        )
        document = HTML(string=order["html"], url_fetcher=fetcher, base_url="asset:").render(
            font_config=FontConfiguration(), pdf_tags=True
        )
        if document.metadata.attachments:
            raise FatalURLFetchingError("an attachment linked in the template")
        document.metadata.title = order["title"]
        document.metadata.lang = order["language"]
        document.metadata.keywords = order["keywords"]
        document.metadata.attachments = [attachment]
        pdf = document.write_pdf(finisher=partial(_finish, padding=padding), pdf_variant="pdf/a-3a", pdf_tags=True)
        if _UNCLEAR_END not in pdf:
            break
    return pdf


_TRIES = 6
_UNCLEAR_END = b"\r\nendstream"
"""Where a stream ends in a carriage return, its last byte cannot be told from the end of its line: PDF/A forbids the doubt."""


def _finish(document: Any, pdf: Any, *, padding: int = 0) -> None:
    """Declare PDF/UA-1 beside PDF/A-3a in the one metadata stream, which must stand uncompressed.

    A stream that would end in a carriage return is written as it is, uncompressed; `padding` unused objects move the ends of
    the streams that the writer makes itself.
    """
    del document
    for _ in range(padding):
        pdf.add_object(_spare())
    for each in pdf.objects:
        extra = getattr(each, "extra", None)
        if extra is not None and getattr(each, "compress", False) and each.data.endswith(b"\r\nendstream"):
            each.compress = False
        if extra and str(extra.get("Type", "")) == "/Metadata":
            each.stream = [
                part.replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>") if isinstance(part, bytes) else part
                for part in each.stream
            ]
            each.compress = False


def _spare() -> Any:
    from pydyf import Dictionary

    return Dictionary({})


if __name__ == "__main__":
    sys.exit(main())
