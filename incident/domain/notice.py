"""A notice: the document that discharges a duty, written from facts, versioned, approved, filed.

A template declares its fields and which of the law's content elements each field covers. A version that lacks a
required element can be an initial notice where the law lets it follow, and can never be called complete.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incident.domain.places import within


class NoticeKind(StrEnum):
    """What a version is to its recipient (the words of the EDPB's common template)."""

    INITIAL = "initial"
    SUPPLEMENTARY = "supplementary"
    COMPLETE = "complete"
    WITHDRAWAL = "withdrawal"


class NoticeForm(StrEnum):
    """How the document looks: a letter to a person, a form for a recipient, a sheet to retype into a portal."""

    LETTER = "letter"
    FORM = "form"
    SHEET = "sheet"


class FieldType(StrEnum):
    """What a field holds; stored as JSON (instants and days as ISO 8601 text)."""

    LINE = "line"
    PROSE = "prose"
    NUMBER = "number"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    PEOPLE = "people"


class LengthUnit(StrEnum):
    """How a recipient counts the length of an answer."""

    CHARACTERS = "characters"
    BYTES = "bytes"
    WORDS = "words"
    UTF16 = "utf16"
    """Units of UTF-16, as a browser's form counts: an emoji is two."""


@dataclass(frozen=True, slots=True)
class NoticeField:
    """One thing the document says, where it comes from and which legal elements it covers."""

    key: str
    label: str
    type: FieldType
    source: str = ""
    """Where the first value comes from: a fact key (`at.aware`), `organisation.name`, `incident.reference` …"""
    covers: tuple[str, ...] = ()
    """Content element ids of the regime's duty (`nature`, `likely_consequences`)."""
    guidance: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    required: bool = False
    """Asked by the form itself, whatever the law's elements say: without it no version is complete."""
    wanted: bool = False
    """Marked as mandatory by the form; the law lets a notice be complete without it, and the gap is named."""
    section: str = ""
    """The key of the heading or portal screen under which it stands."""
    labels: Mapping[str, str] = dataclass_field(default_factory=dict)
    """The label in other languages."""
    optional: bool = False
    """Left out of the document while it is empty, instead of saying that it is not known."""
    row: str = ""
    """The recipient's own number of the field (`48`, `3.12`)."""
    portal: str = ""
    """The recipient's own words for it, in the recipient's language."""
    visible_if: str = ""
    """When the form asks it (`form_condition`); empty: always."""
    applies: tuple[NoticeKind, ...] = ()
    """The kinds of notice that ask it; empty: all."""
    counts: LengthUnit = LengthUnit.CHARACTERS
    """In what `max_length` is counted."""
    unsettled: tuple[str, ...] = ()
    """Choices that only say that the answer is still open: no complete notice carries them."""
    takes: Mapping[str, str] = dataclass_field(default_factory=dict)
    """Which choice stands for which value of the source; `*`: for whatever else was said."""
    choice_labels: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    """Choice → language → label."""
    unverified: bool = False
    """Not checked against the recipient's own form; marked on the page."""

    def label_in(self, language: str) -> str:
        """The label in a language; the template's check made sure that it is there."""
        return self.labels.get(language, self.label)

    def choices_in(self, language: str) -> tuple[tuple[str, str], ...]:
        """The choices with their labels in a language; English where the template has no other."""
        return tuple((token, self.choice_labels.get(token, {}).get(language, label)) for token, label in self.choices)


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """A kind of notice: its fields in the document's own order and its text per language."""

    slug: str
    title: str
    recipient: str
    form: NoticeForm
    discharges: tuple[str, ...]
    """Duties (`eu-gdpr/authority`), or duties in one place only (`eu-gdpr/authority@FR`)."""
    languages: tuple[str, ...]
    fields: tuple[NoticeField, ...]
    paper: str = "A4"
    citation: str = ""
    unverified: str = ""
    """What of the recipient's form could not be checked against an official copy; printed on the sheet."""
    folder: str = ""
    titles: Mapping[str, str] = dataclass_field(default_factory=dict)
    headings: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    """Section key → language → heading."""
    citations: Mapping[str, str] = dataclass_field(default_factory=dict)
    """The legal basis as other languages cite it."""
    apart: tuple[str, ...] = ()
    """Of `discharges`, the duties with a channel of their own: a notice takes them on only when they are named."""
    layouts: tuple[str, ...] = ()
    """The folders in which `_layout` and `_words` are looked for, file by file; the first that has one wins."""
    portal_language: str = ""
    """The language of the recipient's own words (`portal`), where the sheet is in another."""
    exchange: str = ""
    """The machine-readable form it can be written in (`edpb-1.0`)."""
    continues: tuple[str, ...] = ()
    """Templates whose own words a new notice of this one takes on, the first that the incident has."""

    reader: str = ""
    """Which marked passages its recipient gets: `regulator`, `customer` or `public`; empty: by its form (`passage`)."""

    @property
    def is_for_one_authority(self) -> bool:
        """Whether it serves many authorities, of which each notice tells one."""
        return bool(self.apart) and set(self.apart) == set(self.discharges)

    def meets(self, obligation: str) -> bool:
        """Whether it discharges this obligation: by duty (`eu-gdpr/authority`), or by duty and place (`…@FR`)."""
        duty, _, place = obligation.partition("@")
        return duty in self.discharges or any(
            each.partition("@")[0] == duty and "@" in each and within(place, each.partition("@")[2]) for each in self.discharges
        )

    @property
    def duties(self) -> tuple[str, ...]:
        """The duties that it discharges, without places, each once."""
        return tuple(dict.fromkeys(each.partition("@")[0] for each in self.discharges))

    def title_in(self, language: str) -> str:
        """The document's own title in a language."""
        return self.titles.get(language, self.title)

    def citation_in(self, language: str) -> str:
        """The legal basis in a language."""
        return self.citations.get(language, self.citation)

    def field_named(self, key: str) -> NoticeField | None:
        """The field with this key, if the template has one."""
        return next((each for each in self.fields if each.key == key), None)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a field says now, and who said so."""

    value: object
    """JSON value; None where nothing is known."""
    source: str = ""
    """The fact key it was taken from; empty when a person wrote it here."""
    said_by: str = ""
    edited: bool = False
    """A person changed it in the notice; later facts no longer overwrite it."""
    whole: str = ""
    """The text with the marked passages that this recipient does not get; empty where there are none."""

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to print: None, blank text or an empty list."""
        return self.value is None or self.value == [] or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True)
class RequiredElement:
    """An element the law asks of the notice, as the regime's duty lists it."""

    id: str
    text: str
    citation: str
    may_follow: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of one incident: which template, for which obligations, to whom, in which language."""

    id: UUID
    incident_id: UUID
    template: str
    obligations: tuple[str, ...]
    """Obligation ids with their place (`eu-gdpr/authority@DE`)."""
    language: str
    recipient_name: str
    recipient_address: str = ""
    on_behalf_of: str = ""
    fields: Mapping[str, FieldValue] = dataclass_field(default_factory=dict)


class VersionState(StrEnum):
    """Where a version stands; computed from approvals and filings."""

    DRAFT = "draft"
    APPROVED = "approved"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """A frozen text: what was to be approved, word for word. Its PDFs are kept with it."""

    id: UUID
    notice_id: UUID
    number: int
    kind: NoticeKind
    content_hash: str
    """SHA-256 (hex) over the canonical content: language, kind, recipient, fields, and the page as it will be printed."""
    content: Mapping[str, object]
    made_by: UUID
    made_at: datetime
    journal_seq: int
    journal_hash: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's signature (Ed25519) over a version's content hash, or their refusal with reasons."""

    id: UUID
    version_id: UUID
    by: UUID
    approved: bool
    at: datetime
    content_hash: str
    signature: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """The record that a notice was sent: to whom, when, how, with which receipt; lateness is judged by the first."""

    id: UUID
    incident_id: UUID
    notice_id: UUID | None
    version_id: UUID | None
    obligation: str
    on_behalf_of: str
    filed_at: datetime
    recipient: str
    channel: str
    reference: str
    receipt_hash: str
    late_reason: str
    by: UUID
