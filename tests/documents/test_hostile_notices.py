"""Hostile content in notices: inert, bounded in time and memory, and nothing is fetched."""

import io
import socketserver
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from PIL import Image
from pypdf import PdfReader

from incident.documents.docx import Brief, Section, docx
from incident.documents.eml import Mail, eml
from incident.documents.logo import logo_uri, picture_of
from incident.documents.page import Dress, Mark, Page, dress
from incident.documents.pdf import render_pdf
from incident.documents.plain import inert, page_text
from incident.documents.render import Letterhead, frame_words, render_html
from incident.errors import ContentError, DocumentError
from incident.usecases.catalogue import catalogue
from tests.documents.test_documents import MADE_AT, frame, values


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes whoever comes."""
    asked: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *given: object) -> None:
            del given

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Notes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


HOSTILE = (
    "<img src='{at}/a.png'><script src='{at}/b.js'></script>",
    "![x]({at}/c.png) [y]({at}/d) <{at}/e>",
    "<style>@import url({at}/f.css)</style><object data='{at}/g'></object>",
    "<link rel=attachment href='file:///etc/passwd'><iframe src='file:///etc/passwd'></iframe>",
    "{{% include 'file:///etc/passwd' %}}{{{{ 7*7 }}}}{{{{ ''.__class__.__mro__ }}}}",
    "\u202e\u2066\u200f reversed \x00\x07\x1b[31m\x9b control \ufeff",
    "שלום عالم नमस्ते 東京 🚆👩‍👩‍👧 A\u0301\u0302\u0303\u0304" * 3,
    "&#x3C;script&#x3E; &lt;b&gt; ]]> --> </td></table></body>",
)


def test_no_text_of_a_notice_is_more_than_text(listening: tuple[str, list[str]]) -> None:
    at, asked = listening
    template = catalogue().templates["gdpr-individuals"]
    text = "\n\n".join(each.format(at=at) for each in HOSTILE)
    said = {**values(template), **{each.key: text for each in template.fields if each.type.value in ("line", "prose")}}
    hostile = replace(frame(), organisation=Letterhead(text, (text,), text, text, text, text))
    html = render_html(template, said, hostile)
    for tag in ("<script", "<img", "<iframe", "<object", "<a ", "<link", '<!DOCTYPE html>\n<html lang="en">\n<script'):
        assert tag not in html
    page = Page(html, template.form, frame_words(template, "en"), "UTC")
    pdf = render_pdf(
        dress(page, Dress(Mark.DRAFT, "INC-1", 1, "ab" * 32, 1, "cd" * 32)),
        title=text[:200].replace("\x00", ""),
        language="en",
        notice_json=b"{}",
        made_at=MADE_AT,
    )
    assert asked == []
    assert b"root:" not in pdf
    assert set(PdfReader(io.BytesIO(pdf)).attachments) == {"notice.json"}
    assert "7*7" in page_text(html)


def test_a_hundred_thousand_characters_are_laid_out_in_bounds() -> None:
    template = catalogue().templates["gdpr-processor"]
    long = "word " * 20_000
    html = render_html(
        template, {**values(template), next(each.key for each in template.fields if each.type.value == "prose"): long}, frame()
    )
    page = Page(html, template.form, frame_words(template, "en"), "UTC")
    try:
        pdf = render_pdf(
            dress(page, Dress(Mark.DRAFT, "INC-1", 1, "ab" * 32, 1, "cd" * 32)),
            title="x",
            language="en",
            notice_json=b"{}",
            made_at=MADE_AT,
        )
    except DocumentError as error:
        assert "stopped" in error.message  # noqa: PT017 - stopped within its limits is an answer too
    else:
        assert len(PdfReader(io.BytesIO(pdf)).pages) > 10


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size: its rows are there, packed to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def svg(inside: str, head: str = "") -> bytes:
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        bomb(20_000, 20_000),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"GIF89a" + b"\x00" * 100,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 3_000_000,
        svg("<script>alert(1)</script>"),
        svg('<rect onload="x()" width="1" height="1"/>'),
        svg('<image href="http://127.0.0.1/x.png"/>'),
        svg('<image xlink:href="file:///etc/passwd"/>'),
        svg('<use href="#a"/>'),
        svg('<rect fill="url(http://127.0.0.1/x)"/>'),
        svg('<rect style="background:url(file:///etc/passwd)"/>'),
        svg("<style>@import url(http://127.0.0.1/)</style>"),
        svg("<foreignObject><p/></foreignObject>"),
        svg('<a href="javascript:x"><rect/></a>'),
        svg("<g>" * 60 + "</g>" * 60),
        svg("<path d='M0 0'/>" * 5000),
        svg("&a;", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        svg("&b;", '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
        svg("", '<?xml-stylesheet href="http://127.0.0.1/x.css"?>'),
        b"<svg" + b" " * 2_100_000,
    ],
    ids=range(20),
)
def test_a_logo_that_is_more_than_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ContentError):
        logo_uri(content)


def test_an_address_in_a_page_is_taken_only_when_it_is_a_small_picture() -> None:
    import base64

    for kind, content in (("png", bomb(20_000, 20_000)), ("svg+xml", svg("<script/>")), ("png", b"no picture")):
        assert picture_of(f"data:image/{kind};base64,{base64.b64encode(content).decode()}") is None
    assert picture_of("file:///etc/passwd") is None


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_logo_stands_on_the_page_and_the_file_stays_archival(form: str) -> None:
    validator = pytest.importorskip("page", reason="the validator is not installed")
    out = io.BytesIO()
    Image.new("RGBA", (3000, 900), (20, 90, 160, 128)).save(out, "PNG")
    drawn = svg('<g fill="#147"><path d="M0 0h10v10z"/><circle cx="5" cy="5" r="2"/></g>')
    uri = logo_uri(out.getvalue() if form == "png" else drawn)
    template = catalogue().templates["gdpr-individuals"]
    html = render_html(
        template, values(template), replace(frame(), organisation=Letterhead("Nordlicht GmbH (invented)", logo=uri))
    )
    assert 'class="logo"' in html
    page = Page(html, template.form, frame_words(template, "en"), "UTC")
    worn = dress(page, Dress(Mark.APPROVED, "INC-1", 1, "ab" * 32, 1, "cd" * 32))
    pdf = render_pdf(worn, title="x", language="en", notice_json=b"{}", made_at=MADE_AT)
    for profile in ("ua1", "3a"):
        report = validator.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant is True, repr(report)[:800]


def test_a_mail_draft_has_one_header_of_each_kind_and_the_same_bytes() -> None:
    mail = Mail(
        subject="Hello\r\nBcc: everybody@example.org\u202e",
        sender_name='Evil" <x@example.org>\r\nX: y',
        sender="desk@example.org",
        recipient="a@example.org, b@example.org",
        text="Dear reader,\n.\nFrom here\n" + "ü" * 2000 + "\n",
        made_at=MADE_AT,
        stamp="Prepared for a customer: …",
    )
    made = eml(mail)
    assert made == eml(mail)
    from email import message_from_bytes, policy

    read = message_from_bytes(made, policy=policy.default)
    assert read["Bcc"] is None
    assert read["X"] is None
    assert read["To"] is None
    assert read.get_content().startswith("Dear reader,")
    assert "ü" * 2000 in read.get_content()


def test_a_word_document_holds_only_text_and_is_the_same_bytes() -> None:
    section = Section("What <b>happened</b>\x0b", "**Bold** & <script>\n\n- one\n- two\n\n1. first\x00\x1b", "from a fact")
    brief = Brief("Notice \u202e", ("INC-1",), (section,), "Privileged and confidential", "en", MADE_AT)
    made = docx(brief)
    assert made == docx(brief)
    from docx import Document

    read = Document(io.BytesIO(made))
    texts = [each.text for each in read.paragraphs]
    assert "Bold & <script>" in texts
    assert [each.text for each in read.paragraphs if each.style is not None and each.style.name == "List Bullet"] == [
        "one",
        "two",
    ]
    assert read.sections[0].header.paragraphs[0].text == "Privileged and confidential"


def test_control_characters_and_signs_of_direction_do_not_leave_as_text() -> None:
    assert inert("a\x00\x1b[2J\u202eb\r\nc\td") == "a[2Jb\nc\td"
