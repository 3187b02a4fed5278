"""Receipts: whoever signs for evidence reads what they sign in their own language."""

from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from incident.content.folders import shipped_folder
from incident.documents.words import words_of
from incident.errors import DocumentError
from incident.usecases.custody_receipt import write_receipt
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.evidence_reading import transfer_custody
from tests.conftest import NOW, an_incident

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")


def test_a_receipt_speaks_the_language_of_whoever_signs_it(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    item = add_evidence(ana, incident, BytesIO(b"content"), Offered("mail.eml", "", "as found"), now=NOW)
    done = transfer_custody(ana, incident, item, "K. Wolf (invented)", now=NOW, note="von Hand")
    for language, said, unsaid in (
        (
            "de",
            ("Empfangsbestätigung für ein Beweismittel", "Unterschrift", "übergeben", "Seite 1 von 1"),
            ("Signature", "Page"),
        ),
        ("pl", ("Pokwitowanie odbioru dowodu", "Odbierający", "nie podano", "Strona 1 z 1"), ("Received", "not said")),
    ):
        path = write_receipt(ana, incident, done, tmp_path / "r.pdf", now=NOW, zone="Europe/Berlin", language=language)
        reader = pypdf.PdfReader(path)
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert [each for each in said if each not in text] == []
        assert [each for each in unsaid if each in text] == []
        assert str(reader.root_object["/Lang"]) == language
        path.unlink()
    with pytest.raises(DocumentError, match="no words for «sv»"):
        write_receipt(ana, incident, done, tmp_path / "r.pdf", now=NOW, zone="UTC", language="sv")
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_that_a_document_asks_for(language: str) -> None:
    folders = (shipped_folder("notice_templates"),)
    own, english = words_of(folders, language), words_of(folders, "en")
    assert own.phrases.keys() == english.phrases.keys()
    assert own.elements.keys() == english.elements.keys()
    same = {key for key, text in own.phrases.items() if text == english.phrases[key] and "bytes" not in key and len(text) > 12}
    assert language == "en" or not same, same
