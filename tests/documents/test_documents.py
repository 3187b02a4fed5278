"""Documents: every field reaches the page, user text is inert, nothing outside is reached, the same bytes each time."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from incident.content.templates import read_templates
from incident.documents.lines import FieldChange
from incident.documents.markdown import prose
from incident.documents.page import ApprovalLine, Dress, Mark, Page, dress
from incident.documents.pdf import render_pdf
from incident.documents.render import Frame, Letterhead, frame_words, render_html
from incident.domain.form import asked_fields
from incident.domain.notice import FieldType, NoticeKind, NoticeTemplate
from incident.errors import DocumentError
from incident.usecases.catalogue import catalogue

MADE_AT = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
VALUES: dict[FieldType, Any] = {
    FieldType.LINE: "LINE-{key}",
    FieldType.PROSE: "PROSE-{key} with **weight**\n\n- and a list",
    FieldType.NUMBER: 41300,
    FieldType.MOMENT: "2026-03-01T13:10:00+00:00",
    FieldType.CHOICE: "",
    FieldType.CHOICES: ["name", "email"],
    FieldType.FLAG: True,
    FieldType.PEOPLE: [{"in": "DE", "count": 400}, {"in": "US-CA", "count": 90, "estimated": True}],
}


def values(template: NoticeTemplate) -> dict[str, object]:
    filled: dict[str, object] = {}
    for field in template.fields:
        value = VALUES[field.type]
        if field.choices:
            value = field.choices[0][0] if field.type is FieldType.CHOICE else [field.choices[0][0]]
        filled[field.key] = value.replace("{key}", field.key) if isinstance(value, str) else value
    return filled


def frame(language: str = "en", kind: NoticeKind = NoticeKind.COMPLETE, **more: Any) -> Frame:
    return Frame(
        organisation=Letterhead("Nordlicht GmbH (invented)", ("Beispielstraße 12", "10115 Berlin"), "desk@nordlicht.example"),
        reference="INC-2026-0001",
        code_name="Copper Heron",
        on_behalf_of="",
        recipient_name="The recipient",
        recipient_address="Street 1\nTown",
        kind=kind,
        version_number=1,
        made_at=MADE_AT,
        zone="Europe/Berlin",
        language=language,
        **more,
    )


def dressed(template: NoticeTemplate, mark: Mark, *approvals: ApprovalLine, **more: Any) -> str:
    framed = frame(**more)
    html = render_html(template, values(template), framed)
    page = Page(html, template.form, frame_words(template, framed.language), framed.zone)
    return dress(page, Dress(mark, framed.reference, 1, "ab" * 32, 7, "cd" * 32, approvals))


EVERY = [(slug, language) for slug, template in catalogue().templates.items() for language in template.languages]


@pytest.mark.parametrize(("slug", "language"), EVERY)
def test_every_notice_in_every_language_says_its_fields(slug: str, language: str) -> None:
    template = catalogue().templates[slug]
    html = render_html(template, values(template), frame(language))
    asked = asked_fields(template.fields, values(template), {}, NoticeKind.COMPLETE)
    for field in template.fields:
        if field.type in (FieldType.LINE, FieldType.PROSE) and field.section != "letter":
            said = f"{'LINE' if field.type is FieldType.LINE else 'PROSE'}-{field.key}" in html
            assert said is (field.key in asked), field.key
    assert f'<html lang="{language}">' in html
    assert ">None</td>" not in html


@pytest.mark.parametrize(("slug", "language"), EVERY)
def test_what_nobody_knows_is_said_and_never_blank(slug: str, language: str) -> None:
    template = catalogue().templates[slug]
    html = render_html(template, {}, frame(language, kind=NoticeKind.INITIAL, to_follow=("the number",)))
    assert 'class="unknown"' in html


def test_a_german_notice_speaks_german_to_the_last_label() -> None:
    template = catalogue().templates["gdpr-authority"]
    html = render_html(template, values(template), frame("de"))
    for english in ("Controller", "What happened", "Draft", "DRAFT", "People affected", "not known yet"):
        assert english not in html
    assert "1. März 2026, 14:10 Berlin (UTC+01:00)" in html


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "<script>x</script>",
        "<img src=file:///etc/passwd>",
        "![x](file:///etc/passwd)",
        "[a](javascript:x)",
        "{% include 'x' %}",
        "<link rel=attachment href=file:///etc/passwd>",
    ],
)
def test_user_text_is_inert(text: str) -> None:
    template = catalogue().templates["gdpr-authority"]
    html = render_html(template, values(template) | {"what_happened": text, "controller": text}, frame())
    assert "49" not in html.split("What happened")[1][:200]
    for tag in ("<script", "<img", "<link rel=attachment", "<a "):
        assert tag not in html


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_becomes_html_without_foreign_tags(text: str) -> None:
    allowed = {"p", "/p", "strong", "/strong", "em", "/em", "ul", "/ul", "ol", "/ol", "li", "/li", "br", "br /", "h1"}
    import re

    for tag in re.findall(r"<([^>]*)>", prose(text)):
        assert tag.split(" ")[0] in allowed or tag.startswith("ol start"), tag


@pytest.mark.parametrize(
    "reach",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(file:///etc/passwd);</style>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>x</p>",
        '<object data="file:///etc/passwd"></object>',
        '<p style="background: url(https://example.org/x.png)">x</p>',
    ],
)
def test_a_template_that_reaches_for_a_file_or_the_network_is_refused_by_name(reach: str) -> None:
    html = f"<html lang='en'><head><title>x</title></head><body>{reach}</body></html>"
    with pytest.raises(DocumentError, match="asks for") as refused:
        render_pdf(html, title="x", language="en", notice_json=b"{}", made_at=MADE_AT)
    assert (
        "passwd" in refused.value.message
        or "127.0.0.1" in refused.value.message
        or "example.org" in refused.value.message
        or "attachment" in refused.value.message
    )


def test_a_template_with_an_undefined_value_names_its_line(tmp_path: Path) -> None:
    import shutil

    source = Path(catalogue().templates["gdpr-processor"].folder)
    shutil.copytree(source.parent, tmp_path / "t")
    page = tmp_path / "t" / "gdpr-processor" / "en.html.j2"
    page.write_text(page.read_text() + "\n{% block after %}{{ nothing_like_it }}{% endblock %}")
    template = next(each for each in read_templates((tmp_path / "t",))[0] if each.slug == "gdpr-processor")
    page.write_text('{% extends "_layout/form.html.j2" %}\n{% block intro %}\n{{ nothing_like_it }}{% endblock %}')
    with pytest.raises(DocumentError, match="gdpr-processor/en.html.j2, line 3"):
        render_html(template, values(template), frame())


def test_a_broken_template_is_left_out_and_listed(tmp_path: Path) -> None:
    import shutil

    source = Path(catalogue().templates["gdpr-processor"].folder).parent
    shutil.copytree(source, tmp_path / "t")
    (tmp_path / "t" / "gdpr-processor" / "en.html.j2").write_text("{% if %}")
    (tmp_path / "t" / "gdpr-register" / "notice.toml").write_text("title = ")
    found, problems = read_templates((tmp_path / "t",))
    assert "gdpr-processor" not in {each.slug for each in found}
    assert len(problems) == 2
    assert any("line 1" in str(each) for each in problems)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    template = catalogue().templates["gdpr-authority"]
    changes = (FieldChange("people", [{"in": "DE", "count": 1}], [{"in": "DE", "count": 400}]),)
    html = dressed(template, Mark.APPROVED, ApprovalLine("Ana (invented)", "commander", MADE_AT), changes=changes)
    return render_pdf(html, title="Notice", language="en", notice_json=b'{"a": 1}', made_at=MADE_AT, keywords=("SHA-256 ab",))


def test_the_pdf_carries_its_text_and_its_content_as_data(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "LINE-controller" in text
    assert "Page 1 of" in text
    assert "INC-2026-0001" in text
    assert json.loads(reader.attachments["notice.json"][0]) == {"a": 1}


def test_the_pdf_is_archival_and_accessible(pdf: bytes) -> None:
    page = pytest.importorskip("page", reason="the validator is not installed")
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        for profile in ("ua1", "3a"):
            report = page.validate_pdf(file.name, profile=profile)
            assert "is_compliant=True" in repr(report) or getattr(report, "is_compliant", None) is True, repr(report)[:600]


def test_the_same_notice_gives_the_same_bytes(pdf: bytes) -> None:
    template = catalogue().templates["gdpr-authority"]
    changes = (FieldChange("people", [{"in": "DE", "count": 1}], [{"in": "DE", "count": 400}]),)
    html = dressed(template, Mark.APPROVED, ApprovalLine("Ana (invented)", "commander", MADE_AT), changes=changes)
    assert (
        render_pdf(html, title="Notice", language="en", notice_json=b'{"a": 1}', made_at=MADE_AT, keywords=("SHA-256 ab",))
        == pdf
    )


def test_draft_and_exercise_cannot_be_overlooked() -> None:
    template = catalogue().templates["gdpr-individuals"]
    for mark, word in ((Mark.DRAFT, "DRAFT"), (Mark.EXERCISE, "EXERCISE")):
        html = dressed(template, mark)
        pdf = render_pdf(html, title="x", language="en", notice_json=b"{}", made_at=MADE_AT)
        for page in PdfReader(io.BytesIO(pdf)).pages:
            assert word in page.extract_text()


def test_the_californian_letter_has_its_title_and_five_headings_in_order() -> None:
    template = catalogue().templates["us-ca-individuals"]
    html = render_html(template, values(template), frame())
    order = [
        "NOTICE OF DATA BREACH",
        "What Happened",
        "What Information Was Involved",
        "What We Are Doing",
        "What You Can Do",
        "For More Information",
    ]
    places = [html.index(f">{each}<") for each in order]
    assert places == sorted(places)
