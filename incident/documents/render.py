"""A notice's fields → HTML in its language, by a Jinja2 template in a sandbox. Undefined is an error, never a blank.

The page that comes out says everything but who approved it and its mark: those are put on when it is printed (`page`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from incident.documents.lines import FieldChange, Line, Shower
from incident.documents.markdown import plain_lines, prose
from incident.documents.words import Words, words_of
from incident.domain.form import asked_fields, said_by_kind
from incident.domain.notice import NoticeKind, NoticeTemplate
from incident.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender as it stands at the head of a document."""

    name: str
    address_lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    website: str = ""
    registration: str = ""
    logo: str = ""
    """A checked picture as a `data:` address (`logo`)."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The notice that this one follows: the recipient's reference for it, and when it was sent."""

    reference: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about a document that is not one of its fields."""

    organisation: Letterhead
    reference: str
    code_name: str
    on_behalf_of: str
    recipient_name: str
    recipient_address: str
    kind: NoticeKind
    version_number: int
    made_at: datetime
    zone: str
    language: str
    earlier: Earlier | None = None
    changes: tuple[FieldChange, ...] = ()
    to_follow: tuple[str, ...] = ()
    facts: Mapping[str, object] = dataclass_field(default_factory=dict)
    """The facts that the conditions of the form name."""


def frame_words(template: NoticeTemplate, language: str) -> Words:
    """The words for a template's document in a language."""
    folders = [Path(each) for each in template.layouts] or [Path(template.folder).parent]
    return words_of(folders, language, paper=template.paper)


def render_html(template: NoticeTemplate, fields: Mapping[str, object], frame: Frame) -> str:
    """The page as HTML; raises DocumentError naming template, line and what is missing."""
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    words = frame_words(template, frame.language)
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([template.folder, *(template.layouts or [Path(template.folder).parent])]),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.filters["prose"] = lambda text: prose(str(text))
    environment.filters["points"] = lambda text: plain_lines(str(text))
    environment.filters["moment"] = lambda text: words.moment(str(text), frame.zone)
    name = f"{frame.language}.html.j2"
    values = _with_kind(template, fields, frame)
    asked = asked_fields(template.fields, values, frame.facts, frame.kind)
    shower = Shower(words, frame.zone, template, asked)
    lines = {each.key: shower.line(each, values.get(each.key)) for each in template.fields}
    try:
        return environment.get_template(name).render(_scope(template, frame, shower, lines))
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        line = getattr(error, "lineno", None) or _template_line(error)
        place = f"{template.slug}/{name}" + (f", line {line}" if line else "")
        said = str(error).rstrip(".") or type(error).__name__
        raise DocumentError(f"{place}: {said}.", "Mend the template, or fill the field it asks for.") from error


def _with_kind(template: NoticeTemplate, fields: Mapping[str, object], frame: Frame) -> dict[str, object]:
    """The values, and what the kind of notice says by itself where nobody wrote it."""
    reference = frame.earlier.reference if frame.earlier else ""
    said = said_by_kind(template, frame.kind, follows=frame.earlier is not None, reference=reference)
    return {**fields, **{key: value for key, value in said.items() if fields.get(key) is None}}


def _scope(template: NoticeTemplate, frame: Frame, shower: Shower, lines: Mapping[str, Line]) -> dict[str, Any]:
    words = shower.words
    earlier = frame.earlier
    return {
        "title": template.title_in(frame.language),
        "frame": frame,
        "form": template.form.value,
        "sections": shower.sections(lines),
        "field": lines,
        "changes": tuple(shower.change(each) for each in frame.changes),
        "earlier": earlier
        and words.phrase("earlier of").format(
            reference=earlier.reference or words.phrase("no reference"),
            day=words.date(earlier.sent_at.astimezone(ZoneInfo(frame.zone)).date()),
        ),
        "sender_lines": words.address(frame.organisation.address_lines),
        "say": words.phrase,
        "today": words.date(frame.made_at.astimezone(ZoneInfo(frame.zone)).date()),
        "made_at": words.moment(frame.made_at.isoformat(), frame.zone),
        "paper": template.paper,
        "unverified": template.unverified,
        "portal_language": template.portal_language or frame.language,
        "citation": template.citation_in(frame.language),
    }


def _template_line(error: BaseException) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
