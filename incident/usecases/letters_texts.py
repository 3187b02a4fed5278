"""The approved texts of a run: by language and reader, dressed for paper, with the words for each kind of data.

Only what a second person approved is pressed. In an exercise every sheet says so; a proof of what is not approved yet is
marked as a draft and is a handful of letters.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from incident.documents.page import Dress, Mark, dress
from incident.documents.render import frame_words
from incident.domain.incident import Incident
from incident.domain.letters import Reader
from incident.domain.letters_address import WINDOWS, Window
from incident.domain.notice import NoticeForm
from incident.errors import RefusedError
from incident.store.tables import NoticeRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.versions import VersionView, kept_page, version_view

if TYPE_CHECKING:
    from incident.documents.letterpress.compilation import LetterText

SEPARATOR, PADDED = "separator", "|padded"
_PLACES = (("elements", '<ul data-slot="elements"'), ("salutation", "<slot-salutation"))
_MARGIN_TOP, _MARGIN_LEFT = 20, 25
"""Of the letters' page, in millimetres (`notice_templates/_layout`)."""


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """The texts by key (`de`, `en:guardian`), and what goes with them."""

    texts: Mapping[str, "LetterText"]
    words: Mapping[str, Mapping[str, str]]
    """By key: the words for kinds of data."""
    mark: Mark
    versions: tuple[UUID, ...]
    takes_codes: bool
    without: Mapping[str, str]
    """By key: what a recipient's row may give and this text has no place for."""
    digest: str
    """SHA-256 over everything that will stand on paper for everybody."""

    @property
    def languages(self) -> frozenset[str]:
        """Languages with a text for people themselves."""
        return frozenset(key for key in self.texts if key.isalpha() and key != SEPARATOR)


def text_key(keys: frozenset[str], language: str, reader: str) -> str:
    """Which text a person gets: the one for this reader where there is one."""
    wanted = f"{language}:{reader}"
    return wanted if wanted in keys else language


def letter_texts(
    desk: Desk, incident: Incident, version_ids: Sequence[UUID], *, window: str, sheets: bool, proof: bool = False
) -> LetterTexts:
    """The texts of these versions; refused unless all are letters to people, approved, and of different readers."""
    if not version_ids:
        raise RefusedError("No letter was named.", "Name an approved notice: --notice NUMBER; `incident notice list`.")
    texts: dict[str, LetterText] = {}
    words: dict[str, Mapping[str, str]] = {}
    for version_id in version_ids:
        key, text, spoken = _text(desk, incident, version_view(desk, version_id), window, proof=proof)
        if key in texts:
            raise RefusedError(f"Two letters are for «{key}».", "Name one letter for each language and kind of reader.")
        texts[key], words[key] = text, spoken
    codes = all("<slot-code" in each.html for each in texts.values())
    without = {key: ", ".join(name for name, sign in _PLACES if sign not in each.html) for key, each in texts.items()}
    mark = Mark.EXERCISE if incident.exercise else Mark.DRAFT if proof else Mark.APPROVED
    if sheets:
        texts |= _further(texts)
    told = {key: [each.html, each.title, each.language] for key, each in texts.items()}
    digest = sha256(json.dumps([told, words], sort_keys=True, default=dict).encode()).hexdigest()
    return LetterTexts(texts, words, mark, tuple(version_ids), codes, without, digest)


def _text(
    desk: Desk, incident: Incident, view: VersionView, window: str, *, proof: bool
) -> tuple[str, "LetterText", Mapping[str, str]]:
    from incident.documents.letterpress.compilation import LetterText

    version = view.version
    with desk.workspace.reading() as session:
        notice = session.get_one(NoticeRow, version.notice_id)
        owner, slug = notice.incident_id, notice.template
    page = kept_page(version)
    title = str(version.content["title"])
    if owner != incident.id:
        raise RefusedError(f"«{title}» belongs to another incident.", f"Name a notice of {incident.reference}.")
    if page.form is not NoticeForm.LETTER or "<slot-address" not in page.html or "<slot-reference" not in page.html:
        raise RefusedError(f"«{title}» is no letter to people.", "Name a notice to individuals.")
    if not view.is_approved and not proof:
        raise RefusedError(
            f"«{title}», version {version.number}, is not approved.", "A second person approves it; --proof shows a draft."
        )
    mark = Mark.EXERCISE if incident.exercise else Mark.DRAFT if proof else Mark.APPROVED
    wear = Dress(mark, incident.reference, version.number, version.content_hash, version.journal_seq, version.journal_hash)
    html = _windowed(dress(page, wear), WINDOWS[window])
    written = _windowed(dress(replace(page, html=page.written), wear), WINDOWS[window]) if page.written else ""
    language = str(version.content["language"])
    fields = version.content.get("fields")
    said = fields.get("reader", {}).get("value") if isinstance(fields, Mapping) else None
    reader = str(said) if said in (Reader.GUARDIAN.value, Reader.NEXT_OF_KIN.value) else ""
    template = catalogue().templates.get(slug)
    spoken = frame_words(template, language).elements if template is not None else {}
    return f"{language}:{reader}" if reader else language, LetterText(html, title, language, written), spoken


def _windowed(html: str, window: Window) -> str:
    """The page with its address where the envelope has its window."""
    top, left = window.top - _MARGIN_TOP, window.left - _MARGIN_LEFT
    tight = window.height < 36
    style = (
        f".letter {{ padding-top: {top + window.height + 5:g}mm }}"
        ".letter > .head { position: absolute; top: 0; left: 0; right: 0 }"
        f".letter > .address {{ position: absolute; top: {top:g}mm; left: {left:g}mm; width: {window.width:g}mm; "
        f"height: {window.height:g}mm; min-height: 0; margin: 0; padding-left: 3mm; line-height: {1.3 if tight else 1.4} }}"
        + (".letter > .address > .sender, .letter > .address > br { display: none }" if tight else "")
    )
    return html.replace("</head>", f"<style>{style}</style></head>", 1)


_BLANK = (
    '<div style="break-before: page; padding-top: 90mm; text-align: center; font-size: 9pt; color: #5a5f68">'
    "<p>· · ·</p></div></body>"
)
_SHEET = (
    '<body><div style="border: 2pt solid #1a1c20; padding: 12mm; margin-top: 40mm; font-size: 14pt">'
    '<slot-address></slot-address><slot-reference data-label="Sheet"></slot-reference></div></body></html>'
)


def _further(texts: Mapping[str, "LetterText"]) -> dict[str, "LetterText"]:
    """The same letters with a blank page behind, for those that end on a front side; and the sheet between batches."""
    from incident.documents.letterpress.compilation import LetterText

    found = {
        f"{key}{PADDED}": LetterText(each.html.replace("</body>", _BLANK, 1), each.title, each.language)
        for key, each in texts.items()
    }
    first = next(iter(texts.values()))
    sheet = first.html.partition("</head>")[0] + "</head>" + _SHEET
    padded = sheet.replace("</body>", _BLANK, 1)
    found[SEPARATOR] = LetterText(sheet, first.title, first.language)
    found[SEPARATOR + PADDED] = LetterText(padded, first.title, first.language)
    return found
