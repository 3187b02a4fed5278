"""How notices look on a line and on a page of text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from incident.cli.output import print_table

if TYPE_CHECKING:
    from incident.documents.glyphs import StandIn
    from incident.usecases.notices import Draft
    from incident.usecases.versions import VersionView

_SIGN = {"have": "✔", "missing": "✘", "may_follow": "…"}


def print_stand_ins(found: Sequence["StandIn"]) -> None:
    """Which characters the document cannot show, and where they stand."""
    for each in found:
        where = f" in {', '.join(each.places)}" if each.places else ""
        print(f"The fonts have no {each.character} ({each.name}){where}: ▯ stands for it, with a note on the page.")


def print_notices(drafts: Sequence["Draft"], made: Sequence[Sequence["VersionView"]]) -> None:
    """The notices of an incident, numbered, each with what is missing and how far its newest version got."""
    from incident.usecases.notice_follow_up import follow_up
    from incident.usecases.versions import as_it_was, void_by_change

    rows, voided = [], []
    for number, (draft, versions) in enumerate(zip(drafts, made, strict=True), start=1):
        newest = versions[-1] if versions else None
        state = f"v{newest.version.number} {newest.state.value}" if newest else "no version"
        if newest and (void := void_by_change(draft, newest)):
            state += ", void"
            voided.append(f"{number}: {void} {as_it_was(newest.version.number)}")
        following = follow_up(draft, tuple(versions), tuple(drafts))
        if following is not None and (following.next_report or following.promised):
            voided.append(f"{number}: follow-up: {following.text}.")
        lacking = len(draft.completeness.missing)
        rows.append(
            (
                str(number),
                draft.template.slug,
                draft.notice.language,
                draft.notice.recipient_name or "—",
                f"{lacking} missing" if lacking else "complete",
                state,
                draft.notice.on_behalf_of or "us",
            )
        )
    print_table(("no", "notice", "language", "to", "content", "version", "for"), rows)
    for line in voided:
        print(f"\n{line}")


def print_draft(draft: "Draft") -> None:
    """One notice: what the law asks, every field with its source, what stands in the way."""
    notice = draft.notice
    whose = f" on behalf of {notice.on_behalf_of}" if notice.on_behalf_of else ""
    print(f"{draft.template.title}{whose}\n  to {notice.recipient_name or 'nobody yet'}, language {notice.language}")
    print(f"  discharges {', '.join(notice.obligations) or 'nothing that is owed now'}\n")
    for check in draft.completeness.elements:
        said = f" — said by {', '.join(check.said_by)}" if check.said_by else ""
        print(f"  {_SIGN[check.state.value]} {check.state.value.replace('_', ' '):<10} {check.element.text}{said}")
    print()
    rows = []
    hidden = 0
    for field in draft.template.fields:
        value = notice.fields[field.key]
        if field.key not in draft.completeness.asked and value.is_empty:
            hidden += 1
            continue
        text = "" if value.is_empty else str(value.value)
        source = "edited" if value.edited else value.source
        rows.append((field.key, source, text if len(text) <= 70 else text[:67] + "…"))
    print_table(("field", "from", "says"), rows)
    if hidden:
        print(f"\n{hidden} more fields are asked only after other answers.")
    if draft.completeness.wanted:
        print(f"\nThe form marks as mandatory, the law does not: {'; '.join(draft.completeness.wanted)}")
    if draft.completeness.missing:
        print(f"\nNot complete yet: {'; '.join(draft.completeness.missing)}")
