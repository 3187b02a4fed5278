"""The review as a report: its three questions on the first page, then how the clocks were met, how long it took, why."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.documents.charts import Bar, Chart
from incident.documents.report import Prose, Report, ReportSection, Table
from incident.domain.fact_record import exercise_mark
from incident.domain.finding import FindingKind
from incident.domain.metrics import event_label
from incident.domain.profile import Profile
from incident.domain.review import REVIEW_QUESTIONS, FilingMargin, duration_text
from incident.domain.timeline import Precision
from incident.usecases.review_paper import ReviewPaper

_UNANSWERED = "*Not answered.*"


def review_report(paper: ReviewPaper, footer: str) -> Report:
    """The whole review for one reader."""
    asked = [(text, paper.answers[key]) for key, text in REVIEW_QUESTIONS if key in paper.answers]
    sections = [ReportSection(text, (Prose(answer or _UNANSWERED),)) for text, answer in asked[:3]]
    if paper.margins:
        heading = "Who was told" if paper.profile is Profile.PUBLIC else "How the clocks were met"
        sections.append(ReportSection(heading, (_margins(paper),)))
    if paper.metrics:
        sections.append(ReportSection("How long it took", (metric_chart(paper), _metrics(paper))))
    sections += _findings(paper)
    sections += [ReportSection(text, (Prose(answer or _UNANSWERED),)) for text, answer in asked[3:]]
    if paper.decisions:
        sections.append(ReportSection("Decisions, with what was known then", (_decisions(paper),)))
    if paper.profile is not Profile.PUBLIC:
        sections.append(ReportSection("Action items", (_items(paper),)))
    sections.append(ReportSection(f"What happened, in order (times in {paper.zone})", (_timeline(paper),)))
    return _report(paper, tuple(sections), footer, "Post-incident review")


def one_page(paper: ReviewPaper, footer: str) -> Report:
    """One page for those who decide: the three questions, the clocks in one sentence, what is being done."""
    asked = [(text, paper.answers[key]) for key, text in REVIEW_QUESTIONS[:3] if key in paper.answers]
    sections = [ReportSection(text, (Prose(_short(answer) or _UNANSWERED),)) for text, answer in asked]
    sections.append(ReportSection("Were the clocks met?", (Prose(clocks_text(paper)),)))
    if paper.profile is not Profile.PUBLIC:
        sections.append(ReportSection("What is being done", (_items(paper, most=6),)))
    return _report(paper, tuple(sections), footer, "In one page")


_LONGEST = 420


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0] + " …"


def slide_text(paper: ReviewPaper) -> str:
    """A slide for the board, as text to paste: one title, at most nine short lines."""
    open_items = [each for each in paper.items if each.done_at is None]
    lines = [
        f"{paper.incident.title or paper.incident.code_name} ({paper.incident.reference}) · severity {paper.incident.severity}",
        "",
    ]
    for key, question in REVIEW_QUESTIONS[:3]:
        if key in paper.answers:
            said = " ".join(paper.answers[key].split())
            sentence = said.partition(". ")[0].rstrip(".") if said else "not answered yet"
            lines.append(f"- {question} {sentence[:160]}")
    lines.append(f"- Clocks: {clocks_text(paper)}")
    known = [each for each in paper.metrics if each.took is not None and each.name in ("time to detect", "time to contain")]
    lines += [f"- {each.name.capitalize()}: {_took(each.took)}" for each in known]
    if paper.items:
        lines.append(f"- Action items: {len(paper.items) - len(open_items)} of {len(paper.items)} done")
    lines += [f"  - {each.title} (by {each.due_on})" for each in open_items[:3]]
    return "\n".join([*lines, "", paper.profile.stamp, ""])


def clocks_text(paper: ReviewPaper) -> str:
    """How the duties with a date were met, in a sentence or two."""
    dated = [each for each in paper.margins if each.due_at is not None]
    if not dated:
        return "No duty with a date is on record."
    met = [each for each in dated if each.margin is not None and each.margin >= timedelta()]
    said = f"{len(met)} of {len(dated)} dated duties were met in time."
    missed = [each.title for each in dated if each not in met]
    if missed:
        return f"{said} Late or not filed: {'; '.join(missed[:4])}{' …' if len(missed) > 4 else ''}."
    closest = min(met, key=lambda each: each.margin or timedelta())
    return f"{said} The closest had {_took(closest.margin)} to spare."


def _took(took: timedelta | None) -> str:
    return duration_text(took) if took is not None else "unknown"


def _report(paper: ReviewPaper, sections: tuple[ReportSection, ...], footer: str, kind: str) -> Report:
    incident = paper.incident
    frame = [("Incident", f"{incident.reference} «{incident.code_name}», severity {incident.severity}")]
    if paper.profile is Profile.PUBLIC:
        frame = [("Incident", f"{incident.reference} «{incident.code_name}»")]
    frame.append(("State", f"{incident.status.label}; review {paper.state.replace('_', ' ')}"))
    if paper.team and kind != "In one page":
        frame.append(("Team", ", ".join(paper.team)))
    frame.append(("Written", f"{_at(paper.made_at, paper.zone)} {paper.zone}"))
    if paper.known_at_first_filing is not None:
        known, spoken = paper.known_at_first_filing
        frame.append(("Known at first filing", f"{known} of {spoken} facts"))
    frame.append(("For", paper.profile.stamp))
    return Report(
        title=f"{kind}: {incident.title or incident.code_name}",
        subtitle=f"{incident.reference} · {incident.code_name}",
        author=paper.organisation,
        frame=tuple(frame),
        sections=sections,
        footer=footer,
        mark=exercise_mark(incident),
    )


def metric_chart(paper: ReviewPaper) -> Chart:
    """The durations that are known as bars; the others are named in the table."""
    known = [each for each in paper.metrics if each.took is not None]
    bars = tuple(
        Bar(each.name, each.took.total_seconds(), None, f"{duration_text(each.took)}{f' ({each.note})' if each.note else ''}")
        for each in known
        if each.took is not None
    )
    return Chart("Durations", "how long it took", bars)


def _margins(paper: ReviewPaper) -> Table:
    rows = [(each.title, _due(each, paper.zone), _at(each.filed_at, paper.zone), _met(each, paper)) for each in paper.margins]
    return Table(("Duty", "Due", f"First filed ({paper.zone})", "How it was met"), tuple(rows))


def _met(margin: FilingMargin, paper: ReviewPaper) -> str:
    return ("told" if margin.filed_at else "") if paper.profile is Profile.PUBLIC else margin.met.rstrip(": ")


def _due(margin: FilingMargin, zone: str) -> str:
    """A due date in the zone in which its day ends, which it names where that is not the reader's."""
    if margin.due_at is None:
        return "—"
    place = margin.zone.rsplit("/", 1)[-1].replace("_", " ")
    return _at(margin.due_at, margin.zone) + ("" if margin.zone == zone else f" {place}")


def _metrics(paper: ReviewPaper) -> Table:
    rows = tuple(
        (
            each.name,
            f"{event_label(each.from_event)} – {event_label(each.to_event)}",
            each.note if each.took is None else duration_text(each.took) + (f" ({each.note})" if each.note else ""),
        )
        for each in paper.metrics
    )
    return Table(("Metric", "From – to", "Took"), rows)


def _findings(paper: ReviewPaper) -> list[ReportSection]:
    factors = [each for each in paper.findings if each.kind is FindingKind.FACTOR]
    differences = [each for each in paper.findings if each.kind is FindingKind.DIFFERENCE]
    found = []
    if factors:
        rows = tuple((each.text, each.cause or "not said") for each in factors)
        found.append(ReportSection("What contributed", (Table(("Factor", "Kind (VERIS)"), rows),)))
    if differences:
        rows = tuple((each.expected, each.text) for each in differences)
        found.append(ReportSection("Expected, and seen", (Table(("What was expected then", "What was seen"), rows),)))
    return found


def _decisions(paper: ReviewPaper) -> Table:
    rows = tuple(
        (
            _at(each.at, paper.zone),
            f"{each.step}: {each.decision}{f' (dissent: {each.dissent})' if each.dissent else ''} — {each.by}",
            "; ".join(f"{key}: {value}" for key, value in each.known_then) or "not recorded",
        )
        for each in paper.decisions
    )
    return Table(("When", "Decision", "Known then"), rows, unbroken=(0,))


def _items(paper: ReviewPaper, *, most: int | None = None) -> Table:
    notes: dict[UUID, list[str]] = {}
    for each in paper.follow_ups:
        notes.setdefault(each.item_id, []).append(f"{each.at:%Y-%m-%d}: {each.note}")
    rows = tuple(
        (
            each.title + "".join(f" · {note}" for note in notes.get(each.id, ())),
            each.kind.value,
            paper.owners.get(each.owner, "—"),
            str(each.due_on),
            f"done: {each.outcome}".rstrip(": ") if each.done_at else "open",
        )
        for each in paper.items[:most]
    )
    return Table(("Action", "Kind", "Owner", "Due", "State"), rows or (("none yet", "", "", "", ""),), unbroken=(1, 3))


def _timeline(paper: ReviewPaper) -> Table:
    rows: list[tuple[str, str, str]] = []
    for each in paper.lines:
        if each.silence is not None:
            rows.append(("", "gap", f"Nothing was written down for {duration_text(each.silence.took)}."))
        at = _at(each.at, paper.zone)
        text = each.text + "".join(f"  [Surprise: {said}]" for said in each.surprises)
        rows.append((at if each.precision is Precision.EXACT else at[:10], each.kind, text))
    return Table(("When", "Kind", "What"), tuple(rows), unbroken=(0, 1))


def _at(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at is not None else "—"
