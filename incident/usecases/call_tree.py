"""The call tree: whom to call for what, on which number, and who stands in; as lines and as a page for the wall."""

import json
from datetime import datetime
from pathlib import Path

from incident.content.folders import shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.report import Prose, Report, ReportSection, Table, report_html
from incident.domain.access import AccessAct
from incident.domain.answer import moment_text
from incident.domain.fact_record import exercise_mark
from incident.domain.incident import Incident
from incident.domain.responder import Responder, held_now
from incident.domain.roster import CallLine, call_tree, phone_words, separation_notes, works_alone
from incident.usecases.access import record_access
from incident.usecases.assignments import assignments
from incident.usecases.desk import Desk, organisation, responders
from incident.usecases.press import write_private
from incident.usecases.roles import open_gaps

_ADVICE = (
    "From the top down; who cannot be reached within fifteen minutes is passed over for the deputy. "
    "Say the code name only, never what happened, to anybody you did not mean to call."
)


def calls(desk: Desk, incident: Incident | None) -> tuple[CallLine, ...]:
    """Who is called in which order: by the roles of an incident, or without one by where people come from."""
    held = held_now(assignments(desk, incident)) if incident is not None else None
    return call_tree(responders(desk), held, open_gaps(desk, incident) if incident is not None else ())


def call_notes(desk: Desk, incident: Incident | None) -> tuple[str, ...]:
    """What is wrong with the team as it stands: numbers that need a directory, no deputy, parts that want two people."""
    people = [each for each in responders(desk) if each.active]
    held = held_now(assignments(desk, incident)) if incident is not None else {}
    numbers = [each.name for each in people if not works_alone(each.phone)]
    alone = [each.name for each in people if each.deputy is None]
    notes = []
    if numbers:
        notes.append(f"No number that works without a directory: {', '.join(numbers)}.")
    if alone:
        notes.append(f"Nobody stands in for: {', '.join(alone)}.")
    return (*notes, *separation_notes(people, held))


def write_call_tree(desk: Desk, incident: Incident | None, folder: Path, *, now: datetime) -> Path:
    """Write the call tree as a PDF that only its owner reads; that it left the vault is recorded."""
    report = _report(desk, incident, now=now)
    html = report_html(report, shipped_folder("notice_templates") / "_layout" / "style.css")
    pdf = render_pdf(html, title=report.title, language="en", notice_json=_json(desk, incident), made_at=now)
    path = folder / f"{incident.reference if incident is not None else 'team'}_call-tree.pdf"
    write_private(path, pdf)
    record_access(desk, AccessAct.EXPORTED, "the call tree", incident, now=now)
    return path


def _report(desk: Desk, incident: Incident | None, *, now: datetime) -> Report:
    zone = desk.me.zone
    subtitle = f"{incident.reference} · {incident.code_name}" if incident is not None else "before an incident"
    rows = tuple(_row(each) for each in calls(desk, incident))
    notes = call_notes(desk, incident)
    sections = [ReportSection("Who is called", (Prose(_ADVICE), Table(_HEAD, rows, unbroken=(2,))))]
    if notes:
        sections.append(ReportSection("To be mended", (Prose("\n".join(f"- {each}" for each in notes)),)))
    profile = organisation(desk)
    frame = [("As of", moment_text(now, zone)), ("Organisation", profile.legal_name or profile.name)]
    frame += [("Data protection officer", f"{profile.dpo_name} {profile.dpo_email}".strip())] if profile.dpo_name else []
    frame += [("Reached at", f"{profile.contact_phone} {profile.contact_email}".strip())] if profile.contact_phone else []
    return Report(
        title="Call tree",
        subtitle=subtitle,
        author=profile.name,
        frame=tuple(frame),
        sections=tuple(sections),
        footer=f"Call tree · {subtitle} · keep it where no network is needed",
        mark=exercise_mark(incident) if incident is not None else "",
    )


_HEAD = ("For", "Name", "Telephone", "Works", "If no answer")


def _row(each: CallLine) -> tuple[str, ...]:
    if each.person is None:
        return (each.part, "NOBODY", "", "", "the commander")
    deputy = f"{each.deputy.name}, {phone_words(each.deputy)}" if each.deputy is not None else "no deputy"
    return (each.part, each.person.name, phone_words(each.person), _hours(each.person), deputy)


def _hours(person: Responder) -> str:
    return f"{person.hours or 'hours not said'} ({person.zone.rsplit('/', 1)[-1].replace('_', ' ')})"


def _json(desk: Desk, incident: Incident | None) -> bytes:
    rows = [dict(zip(("part", "name", "phone", "hours", "deputy"), _row(each), strict=True)) for each in calls(desk, incident)]
    document = {"format": "incident-call-tree/1", "incident": incident.reference if incident else None, "calls": rows}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
