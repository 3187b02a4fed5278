"""Letters and notices: their text word for word in every language, their readers, and what no letter may say.

The golden texts are the pages of an invented incident, known in full and known not at all. After a wanted change
`INCIDENT_GOLDEN=write pytest tests/documents/test_letters.py` writes them anew; read the difference before it is committed.
"""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from incident.content.folders import shipped_folder
from incident.documents.render import render_html
from incident.documents.words import Words, words_of
from incident.domain.notice import NoticeForm, NoticeKind, NoticeTemplate
from incident.errors import DocumentError
from incident.usecases.catalogue import catalogue
from tests.documents.specimen import page_text, specimen
from tests.documents.test_documents import frame

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = catalogue().templates
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
PROSE = [
    (slug, language) for slug, each in TEMPLATES.items() if each.form is not NoticeForm.SHEET for language in each.languages
]
TO_PEOPLE = ("gdpr-individuals", "hipaa-individuals", "individuals", "us-ca-individuals", "us-state-individuals")
EIGHT = ("call-centre", "gdpr-authority", "gdpr-individuals", "gdpr-processor", "gdpr-public", "gdpr-register")
BANNED = ("very seriously", "may have been", "regret any inconvenience", "abundance of caution", "sophisticated")


def text(template: NoticeTemplate, language: str = "en", **other: object) -> str:
    return page_text(render_html(template, specimen(template, **other), frame(language)))


def words(language: str, **more: str) -> Words:
    return words_of((shipped_folder("notice_templates"),), language, **more)


@pytest.mark.parametrize(("slug", "language"), PROSE)
def test_the_text_of_each_notice_is_the_one_that_was_read(slug: str, language: str) -> None:
    template = TEMPLATES[slug]
    follow = frame(language, kind=NoticeKind.INITIAL, to_follow=("[what follows]",))
    found = f"{text(template, language)}\n--- nothing known yet ---\n\n{page_text(render_html(template, {}, follow))}"
    path = GOLDEN / f"{slug}.{language}.txt"
    if os.environ.get("INCIDENT_GOLDEN") == "write":
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found, f"{path.name}: wanted? INCIDENT_GOLDEN=write, and read the difference"


def test_no_golden_text_is_of_a_notice_that_is_gone() -> None:
    assert {each.stem for each in GOLDEN.glob("*.txt")} == {f"{slug}.{language}" for slug, language in PROSE}


@pytest.mark.parametrize("slug", EIGHT)
def test_the_notice_and_the_letters_of_the_regulation_are_there_in_eight_languages(slug: str) -> None:
    assert TEMPLATES[slug].languages == LANGUAGES


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("slug", EIGHT)
def test_no_english_word_stands_in_another_language(slug: str, language: str) -> None:
    template = TEMPLATES[slug]
    html = render_html(template, {}, frame(language, kind=NoticeKind.COMPLETE))
    shown = page_text(html).replace("The recipient", "").replace("Street 1", "").replace("Town", "")
    assert not re.search(r"\b(the|your|what|data affected|yes|not known yet|of the)\b", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "terms"),
    {
        "de": ("Meldung einer Verletzung des Schutzes personenbezogener Daten", "Verantwortlicher", "Auftragsverarbeiter"),
        "fr": ("violation de données à caractère personnel", "Responsable du traitement", "Sous-traitant"),
        "es": ("violación de la seguridad de los datos personales", "Responsable del tratamiento", "Encargado del tratamiento"),
        "it": ("violazione dei dati personali", "Titolare del trattamento", "Responsabile del trattamento"),
        "nl": ("inbreuk in verband met persoonsgegevens", "Verwerkingsverantwoordelijke", "Verwerker"),
        "pl": ("naruszenia ochrony danych osobowych", "Administrator", "Podmiot przetwarzający"),
        "pt": ("violação de dados pessoais", "Responsável pelo tratamento", "Subcontratante"),
    }.items(),
)
def test_the_terms_are_those_of_the_official_text(language: str, terms: tuple[str, ...]) -> None:
    shown = text(TEMPLATES["gdpr-authority"], language)
    for term in terms:
        assert term in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_a_letter_has_the_same_parts_in_the_same_order(language: str) -> None:
    for slug in ("gdpr-individuals", "gdpr-public"):
        template = TEMPLATES[slug]
        own, english = (
            re.findall(
                r"<(h1|h2|ul|div class=\"now\"|slot-\w+)", render_html(template, specimen(template, dpo_phone="1"), frame(each))
            )
            for each in (language, "en")
        )
        assert own == english


@pytest.mark.parametrize(("slug", "language"), [(slug, each) for slug in TO_PEOPLE for each in TEMPLATES[slug].languages])
def test_a_letter_can_be_pressed_and_says_first_what_to_do(slug: str, language: str) -> None:
    html = render_html(TEMPLATES[slug], specimen(TEMPLATES[slug], state="us-tx"), frame(language))
    assert html.count("<slot-salutation>") == 1
    assert html.count('<ul data-slot="elements">') == 1
    if slug != "us-ca-individuals":
        assert html.index('class="now"') < html.index("Access tokens of our chatbot"), (
            "the action list stands above the account"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_parents_and_next_of_kin_get_a_letter_of_their_own(language: str) -> None:
    template = TEMPLATES["gdpr-individuals"]
    person, guardian, kin = (text(template, language, reader=each) for each in ("person", "guardian", "next_of_kin"))
    assert len({person, guardian, kin}) == 3
    assert person == text(template, language, reader=None), "nobody chose: it is for the person"
    assert "34" not in kin.split("Mira Lindqvist")[1], "the Regulation does not cover the dead"


@pytest.mark.parametrize("slug", TO_PEOPLE)
def test_no_letter_soothes(slug: str) -> None:
    for path in Path(TEMPLATES[slug].folder).glob("*.html.j2"):
        said = path.read_text(encoding="utf-8").lower()
        assert not [each for each in BANNED if each in said], path.name


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        ("en", "1 March 2026", "41,300"),
        ("de", "1. März 2026", "41.300"),
        ("fr", "1er mars 2026", "41\u202f300"),
        ("es", "1 de marzo de 2026", "41.300"),
        ("it", "1 marzo 2026", "41.300"),
        ("nl", "1 maart 2026", "41.300"),
        ("pl", "1 marca 2026", "41\u00a0300"),
        ("pt", "1 de março de 2026", "41\u00a0300"),
    ],
)
def test_days_and_numbers_are_written_as_the_language_writes_them(language: str, day: str, number: str) -> None:
    said = words(language)
    assert said.date(date(2026, 3, 1)) == day
    assert said.number(41300) == number


def test_countries_and_cities_have_their_names_in_the_language() -> None:
    assert words("pl").place("IN") == "Indie"
    assert words("pl").place("US-TX") == "Teksas (USA)"
    assert words("it").place("US-TX") == "Texas (Stati Uniti)"
    assert words("es").moment("2026-03-01T13:10:00+00:00", "Europe/Berlin") == "1 de marzo de 2026, 14:10 Berlín (UTC+01:00)"
    assert words("nl").address(("10115 Berlin", "Germany")) == ("10115 Berlin", "Duitsland")
    assert words("en", paper="Letter").date(date(2026, 3, 1)) == "March 1, 2026"


def test_a_language_without_words_is_said(tmp_path: Path) -> None:
    for unknown in ("sv", "../_words/en", ""):
        with pytest.raises(DocumentError, match=f"no words for «{unknown}»"):
            words(unknown)
    (tmp_path / "_words").mkdir()
    (tmp_path / "_words" / "sv.toml").write_text("[phrases]\n")
    with pytest.raises(DocumentError, match="not whole: 'elements'"):
        words_of((tmp_path,), "sv")


def test_a_language_that_babel_does_not_know_brings_its_own_calendar(tmp_path: Path) -> None:
    (tmp_path / "_words").mkdir()
    own = tmp_path / "_words" / "qx.toml"
    own.write_text("[phrases]\n[elements]\n[places]\n")
    with pytest.raises(DocumentError, match="'months'"):
        words_of((tmp_path,), "qx")
    own.write_text(
        f"months = {[f'm{number}' for number in range(1, 13)]}\nday = '{{day}} {{month}} {{year}}'\nthousands = '·'\n"
        "[phrases]\n[elements]\n[places]\n"
    )
    other = tmp_path / "other"
    (other / "_words").mkdir(parents=True)
    said = words_of((tmp_path, other), "qx")
    assert said.date(date(2026, 3, 1)) == "1 m3 2026"
    assert said.number(41300) == "41·300"
    assert said.place("DE") == "DE"
