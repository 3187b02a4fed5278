"""The review as a report: its three questions first, then timeline, clocks, metrics, factors, action items."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.content.folders import shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.report import Prose, Report, ReportSection, Table, report_html, report_markdown
from incident.domain.access import AccessAct
from incident.domain.fact_record import exercise_mark
from incident.domain.incident import Incident
from incident.domain.profile import Profile, entries_for
from incident.domain.review import REVIEW_QUESTIONS, FilingMargin, duration_text, event_label
from incident.domain.timeline import Precision, TimelineEntry
from incident.usecases.access import record_access
from incident.usecases.desk import Desk, names, organisation
from incident.usecases.press import write_private
from incident.usecases.review import ReviewView, review_view
from incident.usecases.review_timeline import told
from incident.usecases.roles import assignments
from incident.usecases.timeline import timeline

_UNANSWERED = "*Not answered.*"


def write_review(
    desk: Desk,
    incident: Incident,
    folder: Path,
    *,
    now: datetime,
    zone: str,
    profile: Profile = Profile.REGULATOR,
) -> tuple[Path, ...]:
    """Write the review as PDF, Markdown and JSON into a folder; the files are readable by their owner only.

    `profile` says for whom: what is left out of the course of events for them, and the stamp that says so.
    """
    view = review_view(desk, incident, now=now)
    kept = entries_for(timeline(desk, incident), profile, names(desk))
    entries = told(desk, incident, kept, zone=zone)
    report = _report(desk, incident, view, entries, now=now, zone=zone, profile=profile)
    data = _json(incident, view, entries)
    html = report_html(report, shipped_folder("notice_templates") / "_layout" / "style.css")
    pdf = render_pdf(html, title=report.title, language="en", notice_json=data, made_at=now)
    base = f"{incident.reference}_review"
    written = []
    for suffix, content in ((".pdf", pdf), (".md", report_markdown(report).encode()), (".json", data)):
        path = folder / f"{base}{suffix}"
        write_private(path, content)
        written.append(path)
    record_access(desk, AccessAct.EXPORTED, f"the review, for {profile.value}", incident, now=now)
    return tuple(written)


def _report(
    desk: Desk,
    incident: Incident,
    view: ReviewView,
    entries: tuple[TimelineEntry, ...],
    *,
    now: datetime,
    zone: str,
    profile: Profile,
) -> Report:
    answers = view.review.answers if view.review else {}
    people = names(desk)
    head = desk.workspace.head()
    team = ", ".join(f"{people.get(each.responder_id, '')} ({each.role.label})" for each in assignments(desk, incident))
    sections = [ReportSection(text, (Prose(answers.get(key) or _UNANSWERED),)) for key, text in REVIEW_QUESTIONS[:3]]
    sections.append(ReportSection("How the clocks were met", (_margins(view, zone),)))
    sections.append(ReportSection("How long it took", (_metrics(view),)))
    sections += [ReportSection(text, (Prose(answers.get(key) or _UNANSWERED),)) for key, text in REVIEW_QUESTIONS[3:]]
    sections.append(ReportSection("Action items", (_items(view, people),)))
    sections.append(ReportSection(f"What happened, in order (times in {zone})", (_timeline(entries, zone),)))
    state = view.review.state.value.replace("_", " ") if view.review else "not begun"
    frame = [
        ("Incident", f"{incident.reference} «{incident.code_name}», severity {incident.severity}"),
        ("State", f"{incident.status.label}; review {state}"),
        ("Team", team),
        ("Written", f"{now.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"),
        ("For", profile.stamp),
    ]
    if view.known_at_first_filing is not None:
        known, spoken = view.known_at_first_filing
        frame.append(("Known at the first filing", f"{known} of {spoken} facts"))
    return Report(
        title=f"Post-incident review: {incident.title}",
        subtitle=f"{incident.reference} · {incident.code_name}",
        author=organisation(desk).name,
        frame=tuple(frame),
        sections=tuple(sections),
        footer=f"{incident.reference} · review · journal {head.seq} {head.hash[:12]}",
        mark=exercise_mark(incident),
    )


def _margins(view: ReviewView, zone: str) -> Table:
    rows = [(each.title, _due(each, zone), _at(each.filed_at, zone), each.met) for each in view.margins]
    return Table(("Duty", "Due", f"First filed ({zone})", "How it was met"), tuple(rows))


def _due(margin: FilingMargin, zone: str) -> str:
    """A due date in the zone in which its day ends, which it names where that is not the reader's."""
    if margin.due_at is None:
        return "—"
    place = margin.zone.rsplit("/", 1)[-1].replace("_", " ")
    return _at(margin.due_at, margin.zone) + ("" if margin.zone == zone else f" {place}")


def _metrics(view: ReviewView) -> Table:
    rows = tuple(
        (
            each.name,
            f"{event_label(each.from_event)} – {event_label(each.to_event)}",
            (duration_text(each.took) if each.took is not None else "") + (f" ({each.note})" if each.note else ""),
        )
        for each in view.metrics
    )
    return Table(("Metric", "From – to", "Took"), rows)


def _items(view: ReviewView, people: dict[UUID, str]) -> Table:
    rows = tuple(
        (each.title, each.kind.value, people.get(each.owner, ""), str(each.due_on), "done" if each.done_at else "open")
        for each in view.items
    )
    return Table(("Action", "Kind", "Owner", "Due", "State"), rows, unbroken=(1, 3, 4))


def _timeline(entries: tuple[TimelineEntry, ...], zone: str) -> Table:
    rows = []
    for each in entries:
        local = each.occurred_at.astimezone(ZoneInfo(zone))
        at = f"{local:%Y-%m-%d %H:%M}" if each.precision is Precision.EXACT else f"{local:%Y-%m-%d}"
        rows.append((at, each.kind.value, each.text))
    return Table(("When", "Kind", "What"), tuple(rows), unbroken=(0, 1))


def _at(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at is not None else "—"


def _json(incident: Incident, view: ReviewView, entries: tuple[TimelineEntry, ...]) -> bytes:
    document = {
        "format": "incident-review/1",
        "incident": asdict(incident),
        "answers": dict(view.review.answers) if view.review else {},
        "metrics": [asdict(each) for each in view.metrics],
        "margins": [asdict(each) for each in view.margins],
        "action_items": [asdict(each) for each in view.items],
        "timeline": [asdict(each) for each in entries],
    }
    return json.dumps(document, default=_plain, indent=1, ensure_ascii=False).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    total = getattr(value, "total_seconds", None)
    return total() if callable(total) else str(value)
