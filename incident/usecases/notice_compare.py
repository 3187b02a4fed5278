"""What a notice says now that it did not say then: against a version, by default the one the recipient was sent last."""

from dataclasses import dataclass

from incident.domain.notice import NoticeVersion
from incident.domain.notice_diff import Change, FieldDiff, Stretch, field_diffs, text_diff
from incident.errors import RefusedError
from incident.usecases.desk import Desk
from incident.usecases.notices import Draft
from incident.usecases.pages import plain_fields
from incident.usecases.versions import VersionView, versions


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of one notice and what differs, in the form's order."""

    before: str
    after: str
    told: bool
    """Whether the recipient has the earlier text."""
    fields: tuple[FieldDiff, ...]


def compare(desk: Desk, drafted: Draft, *, since: int | None = None, until: int | None = None) -> Comparison:
    """What changed from a version to another, or to the draft; without a number from the version that was sent last."""
    made = versions(desk, drafted.notice.id)
    before = _numbered(made, since) if since is not None else _last_told(made)
    after = _numbered(made, until).version if until is not None else None
    values = (
        plain_fields(after.content) if after is not None else {key: each.value for key, each in drafted.notice.fields.items()}
    )
    return Comparison(
        before=_named(before.version),
        after=_named(after) if after is not None else "the draft as it stands",
        told=bool(before.filings),
        fields=(*_frame(drafted, before.version, after), *_fields(drafted, before.version, values)),
    )


def _fields(drafted: Draft, before: NoticeVersion, values: dict[str, object]) -> tuple[FieldDiff, ...]:
    return field_diffs(drafted.template.fields, plain_fields(before.content), values)


def _frame(drafted: Draft, before: NoticeVersion, after: NoticeVersion | None) -> tuple[FieldDiff, ...]:
    """Recipient and language, which stand in no field."""
    notice = drafted.notice
    now = {"recipient": f"{notice.recipient_name}\n{notice.recipient_address}".strip(), "language": notice.language}
    then = {key: _frame_text(before, key) for key in now}
    now = {key: _frame_text(after, key) for key in now} if after is not None else now
    return tuple(FieldDiff(key, key, text_diff(then[key], now[key])) for key in now if then[key] != now[key])


def _frame_text(version: NoticeVersion, key: str) -> str:
    held = version.content.get(key)
    return f"{held.get('name', '')}\n{held.get('address', '')}".strip() if isinstance(held, dict) else str(held or "")


def _last_told(made: tuple[VersionView, ...]) -> VersionView:
    sent = [each for each in made if each.filings]
    if sent:
        return max(sent, key=lambda each: max(filing.filed_at for filing in each.filings))
    if made:
        return made[-1]
    raise RefusedError(
        "No version was frozen yet; there is nothing to compare with.", "Make one with `incident notice freeze`."
    )


def _numbered(made: tuple[VersionView, ...], number: int) -> VersionView:
    found = [each for each in made if each.version.number == number]
    if not found:
        raise RefusedError(f"There is no version {number}.", "`incident notice show` lists the versions.")
    return found[0]


def _named(version: NoticeVersion) -> str:
    return f"version {version.number} ({version.kind.value}, {version.made_at:%Y-%m-%d %H:%M} UTC)"


def marked(stretches: tuple[Stretch, ...]) -> str:
    """A difference as one line of text: what went in brackets with a minus, what came with a plus."""
    signs = {Change.OUT: ("[-", "-]"), Change.IN: ("{+", "+}"), Change.SAME: ("", "")}
    return "".join(f"{signs[each.change][0]}{each.text}{signs[each.change][1]}" for each in stretches)
