"""What the press is measured against, each at its best: shared parts prepared once, one process per core."""

import multiprocessing
import re
import struct
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from incident.documents.letterpress.compilation import LetterText
from incident.documents.letterpress.layout import FONTS
from incident.documents.letterpress.recipient import Recipient, shape_of
from incident.documents.letterpress.slots import written_html
from incident.documents.letterpress.workers import cores


def someone(number: int) -> Recipient:
    return Recipient(
        f"row-{number}",
        "en",
        f"Anna Beatriz{number} Griffin",
        (f"{number} Main Street", "San Francisco, CA 94110", "United States"),
        f"CA-{number:07d}-11",
        f"Dear Anna Beatriz{number} Griffin,",
        f"C0DE{number:08d}",
        ("name", "e-mail address", "postal address")[: 1 + number % 3],
    )


def rate(peer: str, texts: Mapping[str, LetterText], count: int) -> float:
    """Letters per second over all cores, without start-up and after two letters to warm up."""
    makers: dict[str, Callable[..., float]] = {"weasyprint": weasyprint, "typst": typst_letters, "reportlab": reportlab_letters}
    with multiprocessing.get_context("spawn").Pool(cores()) as pool:
        waits = [pool.apply_async(makers[peer], (dict(texts), count, each * 100_000)) for each in range(cores())]
        return sum(count / each.get() for each in waits)


def _timed(make: Callable[[Recipient], bytes], count: int, begin: int) -> float:
    for number in range(2):
        assert make(someone(begin + number)).startswith(b"%PDF")
    begun = time.perf_counter()
    for number in range(2, count + 2):
        make(someone(begin + number))
    return time.perf_counter() - begun


def weasyprint(texts: Mapping[str, LetterText], count: int, begin: int) -> float:
    """Pure WeasyPrint with one font configuration and style sheets parsed once."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Bundle(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            return URLFetcherResponse(url, (FONTS / url.removeprefix("asset:")).read_bytes(), {"Content-Type": "font/ttf"})

    fetcher, fonts, sheets = Bundle(), FontConfiguration(), {}
    style = re.compile("<style>(.*?)</style>", re.DOTALL)

    def make(person: Recipient) -> bytes:
        html = written_html(texts["en"].html, shape_of(person), person)
        shared, own = style.findall(html)[:-1], style.findall(html)[-1]
        for each in shared:
            if each not in sheets:
                sheets[each] = CSS(string=each, font_config=fonts, url_fetcher=fetcher, base_url="asset:")
        body = style.sub("", html).replace("</head>", f"<style>{own}</style></head>")
        page = HTML(string=body, url_fetcher=fetcher, base_url="asset:")
        return bytes(page.write_pdf(stylesheets=[sheets[e] for e in shared], font_config=fonts, pdf_variant="pdf/ua-1"))

    return _timed(make, count, begin)


def plain_paragraphs(texts: Mapping[str, LetterText]) -> list[tuple[str, str]]:
    """The letter's words as (kind, text), for tools that do not read HTML."""
    body = texts["en"].html.partition("<h1>")[2]
    found = re.findall(r"<(h1|h2|p|li|th|td)[^>]*>(.*?)</\1>", "<h1>" + body, re.DOTALL)
    plain = [(kind, re.sub("<[^>]+>", "", text).strip()) for kind, text in found]
    return [(kind, text) for kind, text in plain if text and not text.startswith("Dear")]


def typst_source(texts: Mapping[str, LetterText]) -> str:
    """The same letter for typst; a recipient comes through `sys.inputs`."""
    quoted = {"h1": "= ", "h2": "== ", "li": "- "}
    lines = [
        "#let r = json(bytes(sys.inputs.r))",
        '#set document(title: "Notice of Data Breach")',
        '#set page(paper: "us-letter", margin: (top: 20mm, bottom: 24mm, left: 25mm, right: 20mm), '
        'footer: context [#text(7.5pt)[INC-2026-0001 #h(1fr) #r.reference #h(1fr) Page #counter(page).display("1 of 1", both: true)]])',
        '#set text(font: "Noto Sans", size: 10.5pt, lang: "en")',
        "#set par(leading: 0.65em)",
        "*Nordlicht GmbH (invented)* #h(1fr) Beispielstraße 12",
        "#line(length: 100%)",
        "#block(height: 39mm)[#r.name \\ #r.address.join(linebreak())]",
        "Our reference: #r.reference",
        "#align(right)[March 2, 2026]",
        "#r.salutation",
    ]
    cells: list[str] = []
    for kind, text in plain_paragraphs(texts):
        safe = re.sub(r"([#*_@$<>\\\[\]`~])", r"\\\1", " ".join(text.split()))
        if kind in ("th", "td"):
            cells.append(f"[{safe}]")
            continue
        if cells:
            lines.append(f"#table(columns: 2, {', '.join(cells)})")
            cells = []
        lines += [quoted.get(kind, "") + safe, "" if kind != "li" else ""]
        if text.startswith("These kinds"):
            lines.append("#list(..r.elements)")
    return "\n".join([*lines, "Enrollment code: #r.code"])


def typst_letters(texts: Mapping[str, LetterText], count: int, begin: int) -> float:
    """typst with its compiler made once."""
    import json
    import tempfile

    import typst

    source = Path(tempfile.mkdtemp()) / "letter.typ"
    source.write_text(typst_source(texts), encoding="utf-8")
    compiler: Any = typst.Compiler(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True)

    def make(person: Recipient) -> bytes:
        told = {"name": person.name, "address": person.address, "reference": person.reference, "code": person.code}
        told |= {"salutation": person.salutation, "elements": person.elements}
        made = compiler.compile(format="pdf", sys_inputs={"r": json.dumps(told)}, pdf_standards=["ua-1"])
        assert isinstance(made, bytes)
        return made

    return _timed(make, count, begin)


def reportlab_letters(texts: Mapping[str, LetterText], count: int, begin: int) -> float:
    """reportlab's platypus with its fonts registered once (no tags, no shaping)."""
    from reportlab.lib.pagesizes import LETTER  # type: ignore[import-untyped]
    from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer  # type: ignore[import-untyped]

    pdfmetrics.registerFont(TTFont("Body", str(FONTS / "NotoSans-Regular.ttf")))
    pdfmetrics.registerFont(TTFont("Bold", str(FONTS / "NotoSans-Bold.ttf")))
    plain = ParagraphStyle("p", fontName="Body", fontSize=10.5, leading=15.75, spaceAfter=7)
    head = ParagraphStyle("h", fontName="Bold", fontSize=12, leading=16, spaceBefore=12, spaceAfter=5)
    words = plain_paragraphs(texts)

    def make(person: Recipient) -> bytes:
        out = BytesIO()
        lines = [person.name, *person.address, f"Our reference: {person.reference}", person.salutation, *person.elements]
        flow: list[Any] = [Paragraph(each, plain) for each in lines] + [Spacer(1, 40)]
        flow += [Paragraph(text.replace("&", "&amp;"), head if kind[0] == "h" else plain) for kind, text in words]
        SimpleDocTemplate(out, pagesize=LETTER).build(flow)
        return out.getvalue()

    return _timed(make, count, begin)


def stored(name: bytes, crc: int, size: int, at: int) -> tuple[bytes, bytes]:
    """A stored ZIP member's local header, and its entry in the central directory."""
    common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x5C21, crc, size, size, len(name), 0)
    local = b"PK\x03\x04" + common + name
    return local, b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + name


def central_directory(entries: list[bytes], at: int) -> bytes:
    body = b"".join(entries)
    return body + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(body), at, 0)
