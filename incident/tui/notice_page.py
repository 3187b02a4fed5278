"""How a notice's check, its versions and a comparison look on the screen. User text is substituted, never read as markup."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from incident.domain.notice_diff import Change
from incident.tui.widgets.texts import local
from incident.usecases.notice_check import ElementLine, LiveCheck, NoticeCheck
from incident.usecases.notice_compare import Comparison
from incident.usecases.notice_follow_up import FollowUp
from incident.usecases.notice_reminders import Reminder
from incident.usecases.notices import Draft
from incident.usecases.unsaved_text import UnsavedText
from incident.usecases.versions import VersionView, void_by_change

Parts = list[Content | tuple[str, str] | str]
_SIGNS = {"have": ("✔", "$success"), "missing": ("✘", "bold $error"), "may_follow": ("…", "$accent")}
_HOW = {Change.SAME: "", Change.OUT: "strike $error", Change.IN: "underline $success"}


def check_page(
    drafted: Draft,
    check: NoticeCheck,
    made: Sequence[VersionView],
    *,
    typed: Mapping[str, UnsavedText],
    following: FollowUp | None,
    zone: str,
    foreign: Sequence[Reminder] = (),
) -> Content:
    """Everything that stands for or against a notice, and what became of its versions."""
    notice = drafted.notice
    parts: Parts = [(f"{drafted.template.title}\n", "$secondary")]
    parts += [("To ", "bold"), f"{notice.recipient_name or 'nobody yet (o)'}\n"]
    parts += [("Discharges ", "bold"), f"{', '.join(notice.obligations) or 'nothing owed now'}\n\n"]
    for each in check.elements:
        parts += _element(each)
    parts += [part for label in (*check.blank, *_over(check)) for part in (("✘ ", "bold $error"), f"{label}\n")]
    parts += [part for label, count in check.kept_back for part in (("▒ ", "$accent"), f"{label}: {count} kept back\n")]
    for label, mark in check.unclear:
        parts += [("✘ ", "bold $error"), f"{label}: the mark «{mark}» is not understood, or has no end\n"]
    for told in (*check.told_against_law, *foreign):
        parts += [("! ", "bold $warning"), f"{told.label}: {told.text}\n"]
    for line in check.hard:
        parts += [("! ", "bold $error"), f"{line.label}: {line.verdict.text}\n"]
    for key, text in typed.items():
        field = drafted.template.field_named(key)
        said = f"{field.label if field else key}: typed {local(text.at, zone)}, not recorded (enter)\n"
        parts += [("✎ ", "bold $warning"), said]
    parts += [("\nVersions\n", "bold"), *_versions(drafted, made)]
    if following is not None:
        parts += [("\nFollow-up ", "bold"), f"{following.text}\n", *(f"  … {each}\n" for each in following.open)]
    return Content.assemble(*parts)


def _over(check: NoticeCheck) -> list[str]:
    return [f"{each.label}: {each.used} of {each.limit} {each.unit}" for each in check.lengths if each.is_over]


def _element(each: ElementLine) -> Parts:
    sign, style = _SIGNS[each.state.value]
    parts: Parts = [(f"{sign} {each.state.value.replace('_', ' ')} ", style), f"{each.text}\n"]
    for one in each.sources:
        origin = "written here" if one.source == "edited" else one.source or "to be written"
        said = f", {one.said_by}" if one.said_by else ""
        parts.append((f"    {one.label} ← {origin}{said}\n" if one.says else f"    {one.label}: nothing yet\n", "$secondary"))
    return parts


def _versions(drafted: Draft, made: Sequence[VersionView]) -> Parts:
    parts: Parts = []
    for one in made:
        parts.append(f"v{one.version.number} {one.version.kind.value} · {one.state.value}\n")
        parts += [(f"   {'approved' if a.approved else 'refused'} {a.note}\n", "$secondary") for a in one.approvals]
        parts += [(f"   sent by {f.channel} {f.reference}\n", "$secondary") for f in one.filings]
    if not made:
        parts.append(("none yet: v freezes one\n", "$secondary"))
    elif void := void_by_change(drafted, made[-1]):
        parts.append((f"! {void}\n", "bold $error"))
    return parts


def comparison_page(found: Comparison) -> Content:
    """What changed, word by word: taken out is struck through, put in is underlined."""
    told = ", which the recipient has," if found.told else ""
    parts: Parts = [f"From {found.before}{told} to {found.after}.\n"]
    for each in found.fields:
        parts.append((f"\n{each.label}\n", "bold"))
        parts += [(part.text, _HOW[part.change]) if _HOW[part.change] else part.text for part in each.stretches]
        parts.append("\n")
    if not found.fields:
        parts.append("\nNothing changed.")
    return Content.assemble(*parts)


def live_page(check: LiveCheck) -> Content:
    """A text while it is written: its length, how it reads, which elements it covers."""
    parts: Parts = []
    if check.length is not None:
        left = f"{check.length.used} of {check.length.limit} {check.length.unit}"
        parts.append((f"{left} TOO LONG", "bold $error") if check.length.is_over else left)
    else:
        parts.append(f"{check.characters} characters, {check.words} words")
    parts += [" · ", (check.verdict.text, "" if check.verdict.passes else "bold $warning"), "\n"]
    if check.unclear:
        parts.append((f"The mark «{check.unclear}» is not understood, or has no end.\n", "bold $error"))
    elif check.kept_back:
        parts.append((f"This recipient does not get the marked passages ({check.kept_back}).\n", "$accent"))
    for each in check.elements:
        sign, style = _SIGNS[each.state.value]
        parts += [(f"{sign} {each.state.value.replace('_', ' ')} ", style), f"{each.text}\n"]
    for long in check.verdict.longest[:2]:
        parts.append((f"{long.words} words: {long.text[:160]}{'…' if len(long.text) > 160 else ''}\n", "$secondary"))
    return Content.assemble(*parts)
