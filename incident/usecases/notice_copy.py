"""Copy a notice out into the recipient's portal, field by field, in the portal's own order and words, with ticks.

A tick is bound to the very answer that was copied: when the answer changes it is open again.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from uuid import UUID

from sqlmodel import Session, select

from incident.documents.plain import plain_answer
from incident.documents.render import frame_words
from incident.domain.form import asked_fields, length_of
from incident.domain.notice import NoticeField, NoticeKind, NoticeVersion
from incident.errors import ContentError, RefusedError
from incident.store.notice_tables import CopiedFieldRow
from incident.usecases.desk import Desk, names
from incident.usecases.marked_passages import refuse_unclear_marks, unclear_marks
from incident.usecases.notices import Draft
from incident.usecases.pages import plain_fields


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One answer as it goes into the portal."""

    field: str
    row: str
    """The recipient's own number of the field."""
    label: str
    portal: str
    """The recipient's own words for it."""
    screen: str
    """The heading or portal screen under which it stands."""
    text: str
    """Empty where nothing is known."""
    used: int
    limit: int | None
    unit: str
    copied_by: str
    copied_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the portal would cut it off."""
        return self.limit is not None and self.used > self.limit

    @property
    def is_copied(self) -> bool:
        """Whether this very answer was copied."""
        return self.copied_at is not None


@dataclass(frozen=True, slots=True)
class CopySheet:
    """All answers in order, and from which text they are."""

    version: int | None
    """None: the draft, which nobody approved."""
    lines: tuple[CopyLine, ...]

    @property
    def next_open(self) -> CopyLine | None:
        """The first answer that says something and was not copied yet."""
        return next((each for each in self.lines if each.text and not each.is_copied), None)


def copy_sheet(desk: Desk, drafted: Draft, version: NoticeVersion | None) -> CopySheet:
    """The answers of a version, else of the draft, as they are typed into a portal."""
    template, notice = drafted.template, drafted.notice
    if version is None:
        refuse_unclear_marks(unclear_marks(template, notice.fields))
    kind = version.kind if version is not None else NoticeKind.INITIAL
    values = plain_fields(version.content) if version is not None else {key: each.value for key, each in notice.fields.items()}
    language = str(version.content["language"]) if version is not None else notice.language
    words = frame_words(template, language)
    asked = asked_fields(template.fields, values, drafted.facts, kind)
    with desk.workspace.reading() as session:
        ticks = {row.field: row for row in _ticks(session, notice.id)}
    people = names(desk)
    lines = []
    for field in template.fields:
        text = plain_answer(field, values.get(field.key), words, drafted.zone)
        if field.key not in asked or (field.optional and not text):
            continue
        tick = ticks.get(field.key)
        stands = tick is not None and _digest(tick.digest["salt"], text) == tick.digest["hash"]
        lines.append(
            CopyLine(
                field=field.key,
                row=field.row,
                label=field.label_in(language),
                portal=field.portal,
                screen=template.headings.get(field.section, {}).get(language, field.section),
                text=text,
                used=length_of(text, field.counts),
                limit=field.max_length,
                unit=field.counts.value,
                copied_by=people.get(tick.by, "") if tick is not None and stands else "",
                copied_at=tick.at if tick is not None and stands else None,
            )
        )
    return CopySheet(version.number if version is not None else None, tuple(lines))


def tick(desk: Desk, drafted: Draft, line: CopyLine, *, now: datetime, copied: bool = True) -> None:
    """Record that this very answer was copied, or that it was not after all."""
    field = drafted.template.field_named(line.field)
    if field is None:
        raise ContentError(f"There is no field «{line.field}».", "`incident notice copy` lists them.")
    if copied and line.is_over:
        raise _too_long(field, line)
    notice = drafted.notice
    detail = {"notice": str(notice.id), "field": line.field, "copied": copied}
    with desk.workspace.change("notice.copied", now=now, incident_id=notice.incident_id, detail=detail) as session:
        for row in _ticks(session, notice.id):
            if row.field == line.field:
                session.delete(row)
        session.flush()
        if copied:
            salt = token_hex(16)
            digest = {"salt": salt, "hash": _digest(salt, line.text)}
            session.add(
                CopiedFieldRow(
                    incident_id=notice.incident_id, notice_id=notice.id, field=line.field, digest=digest, by=desk.me.id, at=now
                )
            )


def _too_long(field: NoticeField, line: CopyLine) -> RefusedError:
    return RefusedError(
        f"{field.label}: {line.used} {line.unit}, and the portal takes {line.limit}.", "Shorten it before it is copied."
    )


def _ticks(session: Session, notice_id: UUID) -> list[CopiedFieldRow]:
    return list(session.exec(select(CopiedFieldRow).where(CopiedFieldRow.notice_id == notice_id)).all())


def _digest(salt: str, text: str) -> str:
    return sha256(f"{salt}\0{text}".encode()).hexdigest()
