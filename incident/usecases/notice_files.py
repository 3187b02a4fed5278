"""A notice as files for other programs: a letter as an e-mail draft or plain text, its narrative in Word for counsel.

Each is an export: stamped for its reader and written in the access log. The program sends nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from incident.documents.docx import Brief, Section, docx
from incident.documents.eml import Mail, eml
from incident.documents.page import Page
from incident.documents.plain import page_text
from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.notice import FieldType, NoticeField
from incident.domain.notice_diff import value_text
from incident.domain.passage import for_reader, profile_of
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import RefusedError
from incident.usecases.access import record_access
from incident.usecases.desk import Desk, organisation
from incident.usecases.incidents import incident_of
from incident.usecases.marked_passages import refuse_unclear_marks, unclear_in
from incident.usecases.notices import Draft
from incident.usecases.press import write_private
from incident.usecases.rights import require_in
from incident.usecases.versions import VersionView, kept_page


class NoticeFile(StrEnum):
    """A form in which a notice leaves the vault beside its PDF."""

    EML = "eml"
    TEXT = "text"
    DOCX = "docx"


_ENDINGS = {NoticeFile.EML: "eml", NoticeFile.TEXT: "txt", NoticeFile.DOCX: "docx"}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file on disk, for whom it is, and its hash."""

    path: Path
    profile: Profile
    sha256: str
    version: int | None
    """None: the draft, which nobody froze."""
    is_approved: bool


def write_notice_file(
    desk: Desk,
    drafted: Draft,
    view: VersionView | None,
    form: NoticeFile,
    folder: Path,
    *,
    now: datetime,
    profile: Profile | None = None,
) -> WrittenFile:
    """Write the file into a folder, readable by its owner alone.

    Mail and text are made of a frozen version, and say so when nobody approved it; the Word document of the draft as well.
    `profile` is for whom a Word document is made; without it for counsel, with every marked passage.
    """
    incident = incident_of(desk, drafted.notice.incident_id)
    require_in(desk, incident, Capability.EXPORT)
    if form is not NoticeFile.DOCX or profile not in (None, Profile.PRIVILEGED):
        said = _said(drafted, view)
        refuse_unclear_marks(unclear_in((each.label, said.get(each.key, "")) for each in drafted.template.fields))
    if form is NoticeFile.DOCX:
        reader = profile or Profile.PRIVILEGED
        content = docx(_brief(drafted, view, incident, reader, now))
    else:
        reader = profile_of(drafted.template)
        content = _letter(desk, drafted, view, form, incident, reader)
    number = view.version.number if view is not None else None
    approved = view is not None and view.is_approved
    mark = "approved" if approved else "draft"
    parts = [incident.reference, drafted.template.slug, drafted.notice.language, f"v{number}" if number else "", mark]
    path = folder / f"{'_'.join(part for part in parts if part)}.{_ENDINGS[form]}"
    write_private(path, content)
    record_access(desk, AccessAct.EXPORTED, f"a notice as {form.value} ({reader.value})", incident, now=now)
    return WrittenFile(path, reader, sha256(content).hexdigest(), number, approved)


def _letter(
    desk: Desk, drafted: Draft, view: VersionView | None, form: NoticeFile, incident: Incident, reader: Profile
) -> bytes:
    if view is None:
        raise RefusedError("No version was frozen yet.", "Make one with `incident notice freeze`: what is sent is a version.")
    kept: Page = kept_page(view.version)
    text = page_text(kept.written or kept.html)
    mark = "exercise" if incident.exercise else "" if view.is_approved else "draft"
    if mark:
        text = f"{kept.words.phrase(f'mark {mark}')} – {kept.words.phrase(f'say {mark}')}\n\n{text}"
    if form is NoticeFile.TEXT:
        return text.encode()
    ours = organisation(desk)
    subject = str(view.version.content["title"])
    mail = Mail(
        subject=f"{kept.words.phrase(f'mark {mark}')}: {subject}" if mark else subject,
        sender_name=ours.legal_name or ours.name,
        sender=ours.contact_email,
        recipient=drafted.notice.recipient_address,
        text=text,
        made_at=view.version.made_at,
        stamp=reader.stamp,
    )
    return eml(mail)


def _brief(drafted: Draft, view: VersionView | None, incident: Incident, reader: Profile, now: datetime) -> Brief:
    notice = drafted.notice
    which = f"version {view.version.number} ({view.state.value})" if view is not None else "draft, not frozen"
    held = _said(drafted, view)
    fields = [each for each in drafted.template.fields if each.type in (FieldType.PROSE, FieldType.LINE)]
    return Brief(
        title=drafted.template.title_in(notice.language),
        lines=(
            f"{incident.reference} · {which} · to {notice.recipient_name or 'nobody yet'}",
            drafted.template.citation_in(notice.language),
        ),
        sections=tuple(
            Section(each.label_in(notice.language), for_reader(held[each.key], reader).text, _origin(drafted, each, reader))
            for each in fields
            if held.get(each.key, "").strip()
        ),
        stamp=reader.stamp,
        language=notice.language,
        made_at=view.version.made_at if view is not None else now,
    )


def _said(drafted: Draft, view: VersionView | None) -> Mapping[str, str]:
    """The texts: of the version, which holds no marked passage, or of the draft with them."""
    if view is not None:
        kept = view.version.content.get("fields")
        return {key: value_text(each["value"]) for key, each in kept.items()} if isinstance(kept, dict) else {}
    return {key: each.whole or value_text(each.value) for key, each in drafted.notice.fields.items()}


def _origin(drafted: Draft, field: NoticeField, reader: Profile) -> str:
    """Where an answer came from, for counsel: others get the answer alone."""
    value = drafted.notice.fields[field.key]
    if reader is not Profile.PRIVILEGED:
        return ""
    source = "written in the notice" if value.edited else f"from the fact {value.source}" if value.source else ""
    return f"{source}{f', said by {value.said_by}' if value.said_by else ''}"
