"""Every shipped notice as a PDF: archival and accessible in one file, by an independent validator."""

import base64
import json
import os
from typing import Any

import pytest

from incident.documents.page import Mark
from incident.documents.press_child import _press
from incident.usecases.catalogue import catalogue
from tests.documents.test_documents import EVERY, MADE_AT, dressed

page = pytest.importorskip("page", reason="the validator is not installed")


def pressed(html: str, language: str) -> bytes:
    """The PDF, made in this process: what is tested is the file, not the child."""
    order: dict[str, Any] = {
        "html": html,
        "keywords": ["SHA-256 ab"],
        "title": "A notice",
        "language": language,
        "attachment": base64.b64encode(b'{"a": 1}').decode(),
        "made_at": MADE_AT.isoformat(),
    }
    return _press(json.loads(json.dumps(order)))


LANGUAGES = sorted({language for _, language in EVERY})


def _one_each() -> list[tuple[str, str]]:
    """Every notice in the one of its languages that was chosen least often so far, and each language that is left."""
    chosen: list[tuple[str, str]] = []
    for slug in sorted({slug for slug, _ in EVERY}):
        used = [language for _, language in chosen]
        chosen.append((slug, min((each for name, each in EVERY if name == slug), key=used.count)))
    left = set(LANGUAGES) - {language for _, language in chosen}
    return chosen + [next(each for each in EVERY if each[1] == language) for language in sorted(left)]


SOME = _one_each()
"""Every notice once and every language several times; all of them with INCIDENT_EVERY_PDF set, which takes minutes."""


def test_every_language_is_among_them() -> None:
    assert {language for _, language in SOME} == set(LANGUAGES)


@pytest.mark.parametrize(("slug", "language"), EVERY if os.environ.get("INCIDENT_EVERY_PDF") else SOME)
def test_it_is_archival_and_accessible(slug: str, language: str) -> None:
    pdf = pressed(dressed(catalogue().templates[slug], Mark.DRAFT, language=language), language)
    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant is True, repr(report)[:800]
