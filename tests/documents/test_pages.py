"""Pages: what is kept is what is printed; characters without a glyph never block paper; a user's template stands alone."""

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from incident.content.folders import shipped_folder
from incident.content.templates import read_templates
from incident.documents.glyphs import STAND_IN, settable
from incident.documents.page import ApprovalLine, Dress, Mark, dress, page_of, render_page
from incident.documents.pdf import render_pdf
from incident.documents.render import Earlier, render_html
from incident.documents.report import Prose, Report, ReportSection, report_html, report_markdown
from incident.documents.words import words_of
from incident.domain.notice import NoticeForm, NoticeKind
from incident.errors import DocumentError
from incident.usecases.catalogue import catalogue
from tests.documents.test_documents import MADE_AT, dressed, frame, values

APPROVED = Dress(
    Mark.APPROVED, "INC-2026-0001", 1, "ab" * 32, 7, "cd" * 32, (ApprovalLine("Ana (invented)", "commander", MADE_AT),)
)
NASTY = "Zug 🚆 nach 東京, 👩🏽‍💻, \x07 and \ufe0f"


def test_a_page_is_printed_from_what_was_kept() -> None:
    template = catalogue().templates["gdpr-authority"]
    page = render_page(template, values(template), frame("de"))
    again = page_of(page.content())
    assert dress(again, APPROVED) == dress(page, APPROVED)
    assert "LINE-controller" in dress(again, APPROVED)
    assert "Ana (invented), Einsatzleitung, 2. März 2026, 15:02 Berlin" in dress(again, APPROVED)


def test_a_page_that_has_no_place_for_its_mark_is_marked_all_the_same(tmp_path: Path) -> None:
    shutil.copytree(shipped_folder("notice_templates"), tmp_path / "t")
    (tmp_path / "t" / "gdpr-register" / "en.html.j2").write_text("<p>Bare.</p>")
    template = next(each for each in read_templates((tmp_path / "t",))[0] if each.slug == "gdpr-register")
    html = dress(render_page(template, {}, frame()), Dress(Mark.DRAFT, "INC-2026-0001", 1, "ab" * 32, 7, "cd" * 32))
    pdf = render_pdf(html, title="x", language="en", notice_json=b"{}", made_at=MADE_AT)
    assert all("DRAFT" in each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)


def test_a_character_without_a_glyph_has_a_stand_in_and_a_note_and_blocks_nothing() -> None:
    template = catalogue().templates["gdpr-register"]
    page = render_page(template, values(template) | {"title": NASTY}, frame())
    found = {each.character: each for each in page.stand_ins}
    assert list(found) == ["🚆", "東", "京", "👩", "💻"]
    assert found["🚆"].places == ("Incident",)
    text = "".join(
        each.extract_text()
        for each in PdfReader(
            io.BytesIO(render_pdf(dress(page, APPROVED), title=NASTY, language="en", notice_json=b"{}", made_at=MADE_AT))
        ).pages
    )
    assert f"Zug {STAND_IN} nach {STAND_IN}{STAND_IN}" in text
    assert "U+1F686 TRAIN" in " ".join(text.split())
    assert "Mend the template" not in text


def test_what_the_fonts_have_is_left_alone() -> None:
    assert settable("Straße, dîner „so“ – 5 € → Łódź, Ελλάδα, Москва") == (
        "Straße, dîner „so“ – 5 € → Łódź, Ελλάδα, Москва",
        (),
    )


def test_a_report_keeps_the_character_where_it_can_and_says_so_where_it_cannot() -> None:
    report = Report(f"Review: {NASTY}", "", "Us", (), (ReportSection("One", (Prose("🚆"),)),), "f")
    html = report_html(report, shipped_folder("notice_templates") / "_layout" / "style.css")
    assert "U+1F686 TRAIN" in html
    assert render_pdf(html, title=NASTY, language="en", notice_json=b"{}", made_at=MADE_AT).startswith(b"%PDF-")
    assert "🚆" in report_markdown(report)


def test_a_follow_up_quotes_the_first_notice_in_the_language_of_its_recipient() -> None:
    template = catalogue().templates["gdpr-authority"]
    html = render_html(template, values(template), frame("de", earlier=Earlier("AZ 0815", datetime(2026, 2, 1, tzinfo=UTC))))
    assert "Frühere Meldung" in html
    assert "AZ 0815 vom 1. Februar 2026" in html


def test_a_german_form_is_german_in_its_legal_basis_country_and_roles() -> None:
    template = catalogue().templates["gdpr-authority"]
    filled = values(template) | {"address": "Beispielstraße 12\n10115 Berlin\nGermany"}
    html = render_html(template, filled, frame("de"))
    assert "Art. 33 der Verordnung (EU) 2016/679 (DSGVO)" in html
    assert "Regulation" not in html
    assert "Germany" not in html
    assert "Deutschland" in html
    draft_hint = "The moment of reasonable certainty"
    assert draft_hint not in html
    french = words_of((shipped_folder("notice_templates"),), "fr")
    assert french.address(("10115 Berlin", "Germany")) == ("10115 Berlin", "Allemagne")


def test_people_are_told_in_whole_sentences_without_our_hashes() -> None:
    for slug, template in catalogue().templates.items():
        if template.form is not NoticeForm.LETTER:
            continue
        for language in template.languages:
            html = dressed(template, Mark.APPROVED, language=language)
            assert "abababab" not in html, slug
            assert "cdcdcd" not in html, slug
            assert "INC-2026-0001" in html
    letter = dressed(catalogue().templates["gdpr-individuals"], Mark.APPROVED, language="de")
    assert "Ihre Fragen beantwortet unsere Anlaufstelle für den Datenschutz: LINE-dpo_name" in letter
    assert "<li>E-Mail-Adresse</li>" in letter


def test_american_letters_write_american_days() -> None:
    letter = catalogue().templates["hipaa-individuals"]
    html = render_html(letter, values(letter) | {"began": "2026-08-12"}, frame())
    assert "August 12, 2026" in html
    assert "12 August" not in html
    british = catalogue().templates["gdpr-individuals"]
    assert "2 March 2026" in render_html(british, values(british), frame())


def test_every_field_that_its_form_stars_is_required() -> None:
    for template in catalogue().templates.values():
        starred = {each.key for each in template.fields if "*" in each.label}
        assert starred <= {each.key for each in template.fields if each.required}, template.slug


def test_the_media_are_told_when_it_ended() -> None:
    template = catalogue().templates["hipaa-media"]
    assert "End: August 17, 2026" in render_html(template, values(template) | {"ended": "2026-08-17"}, frame())


def one_copied_template(tmp_path: Path) -> tuple[Path, Path]:
    own = tmp_path / "own"
    shutil.copytree(shipped_folder("notice_templates") / "gdpr-authority", own / "gdpr-authority")
    return own, shipped_folder("notice_templates")


def test_a_single_copied_folder_takes_layout_and_words_from_the_shipped_ones(tmp_path: Path) -> None:
    folders = one_copied_template(tmp_path)
    (folders[0] / "_words").mkdir()
    (folders[0] / "_words" / "de.toml").write_text('[phrases]\n"our reference" = "Aktenzeichen bei uns"\n')
    template = next(each for each in read_templates(folders)[0] if each.slug == "gdpr-authority")
    assert template.folder.startswith(str(tmp_path))
    html = render_page(template, values(template), frame("de")).html
    assert "Aktenzeichen bei uns" in html
    assert "Rechtsgrundlage" in html


@pytest.mark.parametrize(
    "runaway",
    [
        "{% for a in range(10**9) %}x{% endfor %}",
        "{% set s = 'x' * 9000 %}{% for a in s %}{% for b in s %}{% for c in s %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ 1 // 0 }}",
        "{{ 'x' * 10**8 }}",
    ],
)
def test_a_template_that_runs_away_is_stopped_with_a_sentence(
    tmp_path: Path, runaway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incident.documents.page._WALL_SECONDS", 3)
    folders = one_copied_template(tmp_path)
    (folders[0] / "gdpr-authority" / "en.html.j2").write_text(runaway)
    template = next(each for each in read_templates(folders)[0] if each.slug == "gdpr-authority")
    with pytest.raises(DocumentError, match="gdpr-authority/en.html.j2"):
        render_page(template, values(template), frame(kind=NoticeKind.INITIAL))
