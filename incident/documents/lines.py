"""A notice's fields as lines of words in one language. Where nothing is known a line says so; none is ever blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from incident.documents.markdown import prose
from incident.documents.words import Words
from incident.domain.form import length_of
from incident.domain.notice import FieldType, LengthUnit, NoticeField, NoticeForm, NoticeTemplate

_LONG = 500
"""Characters from which a row may be broken between two pages."""
_TALL = 25
"""Options or rows of people from which a row may be broken between two pages."""
_ADDRESSES = ("organisation.address",)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said when the recipient was last told, and what it says now."""

    key: str
    before: object
    after: object


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
    items: tuple[str, ...] = ()
    """The kinds of data of a list, each in words."""
    row: str = ""
    """The recipient's own number of the field."""
    portal: str = ""
    """The recipient's own words for it."""
    too_long: bool = False
    unverified: bool = False

    @property
    def is_long(self) -> bool:
        """Whether its row may be broken between two pages."""
        parts = self.html.count("<tr") + self.html.count('class="box"')
        return parts > _TALL if parts else len(self.html) > _LONG


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its fields, in the template's order."""

    key: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shower:
    """Turns field values into words of one language."""

    words: Words
    zone: str
    template: NoticeTemplate
    asked: frozenset[str] | None = None
    """The keys of the fields that the form asks; None: all."""

    def line(self, field: NoticeField, value: object) -> Line:
        """One field; what is not known says so."""
        empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
        sheet = field.choices and field.type in (FieldType.CHOICE, FieldType.CHOICES)
        html = self.boxes(field, value) if sheet else self.unknown() if empty else self.value(field, value)
        limit, over = self.limit(field, value)
        listed = field.type is FieldType.CHOICES and not field.choices
        items = tuple(self.words.element(str(each)) for each in _listed(value)) if listed else ()
        return Line(
            field.key,
            field.label_in(self.words.language),
            html,
            not empty,
            field.guidance if self.words.language == "en" else "",
            limit,
            value,
            items,
            row=field.row,
            portal=field.portal,
            too_long=over,
            unverified=field.unverified,
        )

    def limit(self, field: NoticeField, value: object) -> tuple[str, bool]:
        """How much of the recipient's limit an answer takes, in words, and whether it is too long."""
        if field.max_length is None:
            return "", False
        used = length_of(value, field.counts) if isinstance(value, str) else 0
        unit = LengthUnit.CHARACTERS if field.counts is LengthUnit.UTF16 else field.counts
        phrase = "length" if unit is LengthUnit.CHARACTERS else f"length {unit.value}"
        return self.words.phrase(phrase).format(used=used, limit=field.max_length), used > field.max_length

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
                return escape(capital(self.words.phrase("yes" if value else "no")))
            case FieldType.PEOPLE:
                return self.people(value if isinstance(value, list) else [])
            case FieldType.CHOICES:
                return escape(capital(", ".join(self.words.element(str(each)) for each in _listed(value))))
            case _:
                lines = str(value).splitlines()
                return Markup("<br>").join(self.words.address(lines) if field.source in _ADDRESSES else lines)

    def boxes(self, field: NoticeField, value: object) -> Markup:
        """A sheet: the recipient's own options, the chosen ones ticked. Any other document: the chosen ones alone."""
        chosen = {str(each) for each in _listed(value)}
        offered = field.choices_in(self.words.language)
        if self.template.form is not NoticeForm.SHEET:
            return Markup("<br>").join(label for token, label in offered if token in chosen) or self.unknown()
        rows = [
            Markup('<li><span class="box">{}</span> {}</li>').format("×" if token in chosen else "\u00a0", label)
            for token, label in offered
        ]
        note = "" if chosen else self.unknown()
        return Markup('<ul class="boxes">{}</ul>{}').format(Markup("").join(rows), note)

    def people(self, rows: Sequence[Any]) -> Markup:
        """People by place of residence, with their total and what is estimated."""
        cells, total, sure, exact = [], 0, True, True
        for row in rows:
            count = row.get("count")
            estimated = bool(row.get("estimated")) and count is not None
            sure, exact = sure and count is not None, exact and not estimated
            total += count or 0
            shown = self.words.phrase("unknown yet") if count is None else self.words.number(count)
            about = self.words.phrase("about") + " " if estimated else ""
            cells.append(
                Markup("<tr><td>{}</td><td class='count'>{}{}</td></tr>").format(self.words.place(row["in"]), about, shown)
            )
        lead = self.words.phrase("at least") + " " if not sure else "" if exact else self.words.phrase("about") + " "
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
            is_asked = self.asked is None or field.key in self.asked
            if is_asked and (lines[field.key].known or not field.optional):
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


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
