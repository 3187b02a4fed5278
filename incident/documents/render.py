"""A notice's fields → HTML in its language, by a Jinja2 template in a sandbox. Undefined is an error, never a blank.

Where nothing is known the document says so in words; a blank is never printed silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from incident.documents.markdown import plain_lines, prose
from incident.documents.words import Words, words_of
from incident.domain.notice import FieldType, NoticeField, NoticeKind, NoticeTemplate
from incident.errors import DocumentError


class Mark(StrEnum):
    """What stands across a document: nobody may take a draft for the real thing."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender as it stands at the head of a document."""

    name: str
    address_lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    website: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """Who signed, in which role, when."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said when the recipient was last told, and what it says now."""

    key: str
    before: object
    after: object


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
    mark: Mark
    made_at: datetime
    zone: str
    language: str
    content_hash: str
    journal_seq: int
    journal_hash: str
    approvals: tuple[ApprovalLine, ...] = ()
    citations: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    to_follow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One field as the template shows it."""

    key: str
    label: str
    html: Markup
    known: bool
    guidance: str
    limit: str
    value: object


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its fields, in the template's order."""

    key: str
    heading: str
    lines: tuple[Line, ...]


def render_html(template: NoticeTemplate, fields: Mapping[str, object], frame: Frame) -> str:
    """The document as HTML; raises DocumentError naming template, line and what is missing."""
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folder = Path(template.folder)
    words = words_of(folder.parent, frame.language)
    shower = Shower(words, frame.zone, template)
    lines = {each.key: shower.line(each, fields.get(each.key)) for each in template.fields}
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([folder, folder.parent]), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["prose"] = lambda text: prose(str(text))
    environment.filters["points"] = lambda text: plain_lines(str(text))
    environment.filters["moment"] = lambda text: words.moment(str(text), frame.zone)
    name = f"{frame.language}.html.j2"
    try:
        return environment.get_template(name).render(
            title=template.title_in(frame.language),
            frame=frame,
            sections=shower.sections(lines),
            field=lines,
            changes=tuple(shower.change(each) for each in frame.changes),
            say=words.phrase,
            today=words.date(frame.made_at.date()),
            made_at=words.moment(frame.made_at.isoformat(), frame.zone),
            approvals=tuple((each, words.moment(each.at.isoformat(), frame.zone)) for each in frame.approvals),
            paper=template.paper,
            unverified=template.unverified,
            citation=template.citation,
        )
    except TemplateError as error:
        line = getattr(error, "lineno", None) or _template_line(error)
        place = f"{template.slug}/{name}" + (f", line {line}" if line else "")
        raise DocumentError(f"{place}: {error}.", "Mend the template, or fill the field it asks for.") from error


def _template_line(error: BaseException) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@dataclass(frozen=True, slots=True)
class Shower:
    """Turns field values into words of one language."""

    words: Words
    zone: str
    template: NoticeTemplate

    def line(self, field: NoticeField, value: object) -> Line:
        """One field; what is not known says so."""
        empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
        sheet = field.choices and field.type in (FieldType.CHOICE, FieldType.CHOICES)
        html = self.boxes(field, value) if sheet else self.unknown() if empty else self.value(field, value)
        limit = ""
        if field.max_length is not None:
            used = len(value) if isinstance(value, str) else 0
            limit = self.words.phrase("length").format(used=used, limit=field.max_length)
        label = field.label_in(self.words.language)
        return Line(field.key, label, html, not empty, field.guidance, limit, value)

    def unknown(self) -> Markup:
        """The words for what nobody knows yet."""
        return Markup('<span class="unknown">{}</span>').format(self.words.phrase("unknown yet"))

    def value(self, field: NoticeField, value: object) -> Markup:
        """A known value in words."""
        match field.type:
            case FieldType.PROSE:
                return prose(str(value))
            case FieldType.MOMENT:
                return escape(self.words.moment(str(value), self.zone))
            case FieldType.NUMBER:
                return escape(self.words.number(value) if isinstance(value, int) else value)
            case FieldType.FLAG:
                return escape(self.words.phrase("yes" if value else "no"))
            case FieldType.PEOPLE:
                return self.people(value if isinstance(value, list) else [])
            case FieldType.CHOICES:
                return escape(", ".join(self.words.element(str(each)) for each in _listed(value)))
            case _:
                return Markup("<br>").join(str(value).splitlines())

    def boxes(self, field: NoticeField, value: object) -> Markup:
        """The recipient's own options, the chosen ones ticked."""
        chosen = {str(each) for each in _listed(value)}
        rows = [
            Markup('<li><span class="box">{}</span> {}</li>').format("☒" if token in chosen else "☐", label)
            for token, label in field.choices
        ]
        note = "" if chosen else self.unknown()
        return Markup('<ul class="boxes">{}</ul>{}').format(Markup("").join(rows), note)

    def people(self, rows: Sequence[Any]) -> Markup:
        """People by place of residence, with their total and what is estimated."""
        cells, total, sure = [], 0, True
        for row in rows:
            count = row.get("count")
            sure = sure and count is not None
            total += count or 0
            shown = self.words.phrase("unknown yet") if count is None else self.words.number(count)
            about = self.words.phrase("about") + " " if row.get("estimated") and count is not None else ""
            cells.append(
                Markup("<tr><td>{}</td><td class='count'>{}{}</td></tr>").format(self.words.place(row["in"]), about, shown)
            )
        lead = "" if sure else self.words.phrase("at least") + " "
        cells.append(
            Markup("<tr class='total'><td>{}</td><td class='count'>{}{}</td></tr>").format(
                self.words.phrase("total"), lead, self.words.number(total)
            )
        )
        head = Markup("<tr><th scope='col'>{}</th><th scope='col' class='count'>{}</th></tr>").format(
            self.words.phrase("residence"), self.words.phrase("people")
        )
        return Markup("<table class='people'><thead>{}</thead><tbody>{}</tbody></table>").format(head, Markup("").join(cells))

    def sections(self, lines: Mapping[str, Line]) -> tuple[Section, ...]:
        """The template's sections in order, each with its lines."""
        found: dict[str, list[Line]] = {}
        for field in self.template.fields:
            if lines[field.key].known or not field.optional:
                found.setdefault(field.section, []).append(lines[field.key])
        return tuple(
            Section(key, self.template.headings.get(key, {}).get(self.words.language, key), tuple(held))
            for key, held in found.items()
        )

    def change(self, change: FieldChange) -> tuple[str, Markup, Markup]:
        """A changed field: its label, what it said, what it says now."""
        field = self.template.field_named(change.key)
        if field is None:
            return change.key, escape(change.before), escape(change.after)
        before, after = self.line(field, change.before), self.line(field, change.after)
        return before.label, before.html, after.html


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
