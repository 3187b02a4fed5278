"""The review written down: PDF, Word, Markdown, HTML and JSON; a page for those who decide; a slide for the board."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from incident.content.folders import shipped_folder
from incident.documents.pdf import render_pdf
from incident.documents.report import Report, report_html, report_markdown
from incident.documents.report_docx import report_docx
from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.profile import Profile
from incident.usecases.access import record_access
from incident.usecases.desk import Desk
from incident.usecases.press import write_private
from incident.usecases.review_paper import ReviewPaper, review_paper
from incident.usecases.review_sections import one_page, review_report, slide_text

FORMAT = "incident-review/1"
_FACE = re.compile(r"@font-face \{[^}]*\}\s*")


def write_review(
    desk: Desk,
    incident: Incident,
    folder: Path,
    *,
    now: datetime,
    zone: str,
    profile: Profile = Profile.REGULATOR,
) -> tuple[Path, ...]:
    """Write the review in every form into a folder; the files are readable by their owner only.

    `profile` says for whom: what is left out for them, and the stamp that says so.
    """
    written = []
    for name, content in review_files(desk, incident, now=now, zone=zone, profile=profile).items():
        write_private(folder / name, content)
        written.append(folder / name)
    record_access(desk, AccessAct.EXPORTED, f"the review, for {profile.value}", incident, now=now)
    return tuple(written)


def review_files(desk: Desk, incident: Incident, *, now: datetime, zone: str, profile: Profile) -> dict[str, bytes]:
    """The review in every form by file name."""
    paper = review_paper(desk, incident, profile, now=now, zone=zone)
    head = desk.workspace.head()
    footer = f"{incident.reference} · review · journal {head.seq} {head.hash[:12]}"
    report, short, base = review_report(paper, footer), one_page(paper, footer), f"{incident.reference}_review"
    content = review_json(paper)
    return {
        f"{base}.pdf": _pdf(report, content, now),
        f"{base}.md": report_markdown(report).encode(),
        f"{base}.json": content,
        f"{base}.html": standalone_html(report).encode(),
        f"{base}.docx": report_docx(report),
        f"{base}_one-page.pdf": _pdf(short, content, now),
        f"{base}_slide.txt": slide_text(paper).encode(),
    }


def _pdf(report: Report, content: bytes, now: datetime) -> bytes:
    html = report_html(report, _style())
    return render_pdf(html, title=report.title, language="en", notice_json=content, made_at=now)


def _style() -> Path:
    return shipped_folder("notice_templates") / "_layout" / "style.css"


def standalone_html(report: Report) -> str:
    """One file that asks for nothing else: the reader's own fonts, on a page that is not too wide."""
    html = _FACE.sub("", report_html(report, _style()))
    html = html.replace("Body, Code", "system-ui, sans-serif").replace("font-family='Body'", "font-family='sans-serif'")
    return html.replace("body { margin: 0 }", "body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }")


def review_json(paper: ReviewPaper) -> bytes:
    """The review as data, by the schema in docs/review.schema.json."""
    incident = paper.incident
    document = {
        "format": FORMAT,
        "for": paper.profile.value,
        "stamp": paper.profile.stamp,
        "made_at": paper.made_at,
        "state": paper.state,
        "incident": {
            "reference": incident.reference,
            "code_name": incident.code_name,
            "title": incident.title,
            "severity": incident.severity,
            "status": incident.status,
            "declared_at": incident.declared_at,
            "ended_at": incident.ended_at,
            "exercise": incident.exercise,
        },
        "answers": dict(paper.answers),
        "findings": [
            {"kind": each.kind, "text": each.text, "expected": each.expected, "cause": each.cause, "line": each.entry_id}
            for each in paper.findings
        ],
        "decisions": [{**asdict(each), "known_then": dict(each.known_then)} for each in paper.decisions],
        "metrics": [asdict(each) for each in paper.metrics],
        "margins": [asdict(each) for each in paper.margins],
        "action_items": _items(paper),
        "known_at_first_filing": paper.known_at_first_filing,
        "timeline": _lines(paper),
    }
    return (json.dumps(document, default=_plain, indent=1, ensure_ascii=False) + "\n").encode()


def _items(paper: ReviewPaper) -> list[dict[str, object]]:
    return [
        {
            "title": each.title,
            "kind": each.kind,
            "owner": paper.owners.get(each.owner, ""),
            "due_on": each.due_on,
            "done_at": each.done_at,
            "outcome": each.outcome,
            "follow_ups": [
                {"at": one.at, "note": one.note, "due_on": one.due_on} for one in paper.follow_ups if one.item_id == each.id
            ],
        }
        for each in paper.items
    ]


def _lines(paper: ReviewPaper) -> list[dict[str, object]]:
    return [
        {
            "at": each.at,
            "precision": each.precision,
            "kind": each.kind,
            "text": each.text,
            "surprises": each.surprises,
            "silent_before": each.silence.took if each.silence else None,
        }
        for each in paper.lines
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    total = getattr(value, "total_seconds", None)
    return total() if callable(total) else str(value)
