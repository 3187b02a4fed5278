"""The page of a frozen notice: rendered once, kept with the version, and only dressed when it is printed.

What is approved is the page itself, so a template that changes afterwards changes nothing. Dressing adds what a page
cannot know when it is frozen: its mark, who approved it, and the hash of its own content.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from incident.documents.glyphs import StandIn, located, settable, with_note
from incident.documents.render import Frame, frame_words
from incident.documents.words import Words
from incident.domain.notice import NoticeForm, NoticeTemplate
from incident.errors import DocumentError

_WALL_SECONDS = 30
_LONGEST = 4_000_000
"""Characters of a page; a book of a thousand sheets has fewer."""
_MARK, _RECORD = "<slot-mark></slot-mark>", "<slot-record></slot-record>"
_KEPT = ("approved", "record", "content hash", "journal", "journal head", "version")
_KEPT_BEGINNINGS = ("mark ", "say ", "role ")


class Mark(StrEnum):
    """What stands across a document: nobody may take a draft for the real thing."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """Who signed, in which role (a token: `legal`), when."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, with the few words that its dress needs and the characters that could not be set."""

    html: str
    form: NoticeForm
    words: Words
    zone: str
    stand_ins: tuple[StandIn, ...] = ()
    written: str = ""
    """The page with every character as it was written, for plain text, which needs no font; empty where `html` has them all."""

    def content(self) -> dict[str, object]:
        """The page as JSON, part of what is hashed and signed."""
        words = self.words
        kept = {key: text for key, text in words.phrases.items() if key in _KEPT or key.startswith(_KEPT_BEGINNINGS)}
        said = {"language": words.language, "months": list(words.months), "day": words.day, "first_day": words.first_day}
        return {
            "html": self.html,
            "form": self.form.value,
            "zone": self.zone,
            "words": {**said, "thousands": words.thousands, "phrases": kept},
            "stand_ins": [{"character": each.character, "places": list(each.places)} for each in self.stand_ins],
            **({"written": self.written} if self.written else {}),
        }


@dataclass(frozen=True, slots=True)
class Dress:
    """What is put on a page when it is printed."""

    mark: Mark
    reference: str
    version_number: int
    content_hash: str
    journal_seq: int
    journal_hash: str
    approvals: tuple[ApprovalLine, ...] = ()


def page_of(content: Mapping[str, Any]) -> Page:
    """The page as it was kept."""
    words = content["words"]
    stand_ins = tuple(StandIn(each["character"], tuple(each["places"])) for each in content["stand_ins"])
    said = Words(**{**words, "months": tuple(words["months"])})
    return Page(content["html"], NoticeForm(content["form"]), said, content["zone"], stand_ins, content.get("written", ""))


def render_page(template: NoticeTemplate, fields: Mapping[str, object], frame: Frame) -> Page:
    """Fill the template in a process of its own; DocumentError names template and line, or says that it ran away."""
    words = frame_words(template, frame.language)
    written = _rendered(template, fields, frame)
    html, found = settable(written)
    texts = {each.label_in(frame.language): _text(fields.get(each.key)) for each in template.fields}
    texts |= {words.phrase("to"): f"{frame.recipient_name} {frame.recipient_address}"}
    texts |= {words.phrase("sender"): f"{frame.organisation} {frame.on_behalf_of}"}
    stand_ins = located(found, texts)
    noted = with_note(html, stand_ins, words.phrase("no glyph"))
    return Page(noted, template.form, words, frame.zone, stand_ins, written if found else "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _rendered(template: NoticeTemplate, fields: Mapping[str, object], frame: Frame) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, our own interpreter
            [sys.executable, "-I", "-m", "incident.documents.render_child"],
            input=pickle.dumps((template, dict(fields), frame)),
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _ran_away(template, frame) from error
    if done.returncode != 0:
        raise _ran_away(template, frame)
    answer: dict[str, str] = json.loads(done.stdout)
    if "html" not in answer:
        raise DocumentError(answer["message"], answer["hint"])
    if len(answer["html"]) > _LONGEST:
        raise _ran_away(template, frame)
    return answer["html"]


def _ran_away(template: NoticeTemplate, frame: Frame) -> DocumentError:
    place = f"{template.slug}/{frame.language}.html.j2"
    return DocumentError(f"{place} ran beyond its limits of time or memory and was stopped.", "Look for a loop without an end.")


def dress(page: Page, wear: Dress) -> str:
    """The page as it is printed: marked, with its approvals, and its hash where the recipient has a use for it."""
    style = f"<style>{_style(page, wear)}</style>"
    html = page.html.replace(_MARK, _mark(page, wear), 1).replace(_RECORD, _record(page, wear), 1)
    head, found, rest = html.partition("</head>")
    return f"{head}{style}{found}{rest}" if found else f"{style}{html}"


def _style(page: Page, wear: Dress) -> str:
    """The margins: a letter to a person carries the reference alone."""
    words, left = page.words, wear.reference
    if page.form is not NoticeForm.LETTER:
        journal = f"{words.phrase('journal')} {wear.journal_seq} {wear.journal_hash[:12]}"
        left = f"{left} · {words.phrase('version')} {wear.version_number} · {wear.content_hash[:12]} · {journal}"
    css = f"@page {{ @bottom-left {{ content: {_quoted(left)}; font: 7.5pt Body; color: #5a5f68 }} "
    if wear.mark is Mark.APPROVED:
        return css + "} .guidance { display: none }"
    mark = _quoted(words.phrase(f"mark {wear.mark.value}"))
    return css + f"@top-right {{ content: {mark}; font: bold 11pt Body; letter-spacing: .12em }} }}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    return f'"{escaped}"'


def _mark(page: Page, wear: Dress) -> str:
    words, mark = page.words, wear.mark.value
    if wear.mark is Mark.APPROVED:
        return "" if page.form is NoticeForm.LETTER else _approved(page, wear)
    return Markup('<div class="mark">{} <span class="say">{}</span></div>').format(
        words.phrase(f"mark {mark}"), words.phrase(f"say {mark}")
    )


def _approved(page: Page, wear: Dress) -> Markup:
    lines = "; ".join(_signed(page, each) for each in wear.approvals)
    return Markup('<div class="mark approved">{} · {}</div>').format(page.words.phrase("approved"), lines)


def _signed(page: Page, line: ApprovalLine) -> str:
    role = page.words.phrase(f"role {line.role}")
    return f"{line.name}, {role}, {page.words.moment(line.at.isoformat(), page.zone)}"


def _record(page: Page, wear: Dress) -> str:
    words = page.words
    approvals = Markup("").join(
        Markup("<p>{}: {}</p>").format(words.phrase("approved"), _signed(page, each)) for each in wear.approvals
    )
    return Markup(
        '<div class="signed"><h2>{}</h2>{}<p>{}<br><span class="hash">{}</span></p>'
        '<p>{} {}<br><span class="hash">{}</span></p></div>'
    ).format(
        words.phrase("record"),
        approvals,
        words.phrase("content hash"),
        wear.content_hash,
        words.phrase("journal head"),
        wear.journal_seq,
        wear.journal_hash,
    )
