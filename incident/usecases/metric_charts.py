"""The metrics as charts and as a report: the same numbers on the screen, in the PDF, as CSV and as JSON."""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from incident.content.folders import shipped_folder
from incident.documents.charts import Bar, Chart, in_svg
from incident.documents.pdf import render_pdf
from incident.documents.report import Prose, Report, ReportSection, Table, report_html
from incident.domain.metrics import event_label
from incident.domain.profile import Profile
from incident.domain.review import duration_text
from incident.errors import ContentError
from incident.interchange.inert_cell import inert
from incident.usecases.desk import Desk, organisation
from incident.usecases.metrics import KNOWN, MARGIN, Group, MetricLine, MetricReport, line_named, record_report
from incident.usecases.press import write_private

_EVENTS = {"filed": "first filed", "due": "due", "filed.first": "the first filing", "now": "everything known now"}
_TREND = "time to contain"
KEY = "median · 85th percentile"


def words(line: MetricLine) -> str:
    """How one metric lies, in words: median, 85th percentile, n, and how many are unknown."""
    spread = line.spread
    if spread.median is None:
        return f"unknown ({spread.unknown} without it)" if spread.unknown else "no incident"
    said = f"{_value(line.name, spread.median)}"
    if spread.p85 is not None:
        said += f", {'85 % at least' if line.name in (MARGIN, KNOWN) else 'p85'} {_value(line.name, spread.p85)}"
    return f"{said} (n={spread.n}{f', {spread.unknown} unknown' if spread.unknown else ''})"


def _value(name: str, value: float) -> str:
    return f"{value:.0%}" if name == KNOWN else duration_text(timedelta(seconds=value))


def between(line: MetricLine) -> str:
    """From what to what a metric is measured."""
    return " – ".join(_EVENTS.get(each, event_label(each)) for each in (line.from_event, line.to_event))


def charts(report: MetricReport) -> tuple[Chart, ...]:
    """Durations; then the trend of containment by quarter, kind and cause."""
    lines = [each for each in report.all.lines if each.name not in (KNOWN, MARGIN)]
    found = [Chart("How long it took", KEY, tuple(_bar(each.name, each) for each in lines))]
    for title, groups in (
        ("Time to contain, by quarter", report.by_quarter),
        ("Time to contain, by kind", report.by_kind),
        ("Time to contain, by cause", report.by_cause),
    ):
        found.append(Chart(title, KEY, tuple(_bar(each.name, _line(each)) for each in groups[-12:])))
    return tuple(found)


def _line(group: Group) -> MetricLine:
    return next(each for each in group.lines if each.name == _TREND)


def _bar(label: str, line: MetricLine) -> Bar:
    return Bar(label, line.spread.median, line.spread.p85, words(line))


def filing_text(group: Group) -> str:
    """How the filings stood, in one sentence."""
    if not group.dated:
        return "No filing of a duty that has a date is on record."
    margin = MetricLine(MARGIN, "", "", line_named(group, MARGIN))
    return f"{group.in_time} of {group.dated} dated first filings were in time; margin left: {words(margin)}."


def write_metrics(desk: Desk, report: MetricReport, path: Path, *, now: datetime, zone: str, profile: Profile) -> Path:
    """Write the metrics to a file that ends in .pdf, .svg, .csv or .json; recorded as an export."""
    made = {".pdf": _pdf, ".svg": _svg, ".csv": _csv, ".json": _json}.get(path.suffix.lower())
    if made is None:
        raise ContentError(
            f"{path.name} is no kind of file that metrics are written to.", "End it in .pdf, .svg, .csv or .json."
        )
    content = made(desk, report, now, zone, profile)
    record_report(desk, now=now)
    write_private(path, content)
    return path


def _pdf(desk: Desk, report: MetricReport, now: datetime, zone: str, profile: Profile) -> bytes:
    head = desk.workspace.head()
    drawn = charts(report)
    rows = tuple((each.name, between(each), words(each)) for each in report.all.lines)
    groups = tuple(
        ReportSection(title, (_groups(found),))
        for title, found in (("By kind", report.by_kind), ("By cause", report.by_cause), ("By quarter", report.by_quarter))
    )
    document = Report(
        title="How long our incidents took",
        subtitle=f"{report.all.incidents} incidents{_period(report)}",
        author=organisation(desk).name,
        frame=(("For", profile.stamp), ("Written", f"{now.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}")),
        sections=(
            ReportSection("All", (Prose(filing_text(report.all)), *drawn, Table(("Metric", "From – to", "Median, p85"), rows))),
            *groups,
        ),
        footer=f"metrics · journal {head.seq} {head.hash[:12]}",
    )
    html = report_html(document, shipped_folder("notice_templates") / "_layout" / "style.css")
    return render_pdf(
        html, title=document.title, language="en", notice_json=_json(desk, report, now, zone, profile), made_at=now
    )


def _groups(groups: Iterable[Group]) -> Table:
    names = ("time to detect", _TREND, "time to recover")
    rows = tuple(
        (
            each.name,
            str(each.incidents),
            *(words(next(line for line in each.lines if line.name == name)) for name in names),
            f"{each.in_time}/{each.dated}",
        )
        for each in groups
    )
    return Table(("", "Incidents", *(name.capitalize() for name in names), "Filed in time"), rows, unbroken=(1,))


def _period(report: MetricReport) -> str:
    parts = [f"from {report.since:%Y-%m-%d}" if report.since else "", f"before {report.until:%Y-%m-%d}" if report.until else ""]
    return f", declared {' and '.join(each for each in parts if each)}" if any(parts) else ""


def _svg(desk: Desk, report: MetricReport, now: datetime, zone: str, profile: Profile) -> bytes:
    del desk, now, zone, profile
    figure = str(in_svg(charts(report)[0]))
    return figure[figure.index("<svg") : figure.index("</svg>") + len("</svg>")].replace("Body", "sans-serif").encode()


def _csv(desk: Desk, report: MetricReport, now: datetime, zone: str, profile: Profile) -> bytes:
    del desk, zone
    out = StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["group", "name", "incidents", "metric", "from", "to", "n", "unknown", "median", "p85"])
    for kind, groups in (
        ("all", (report.all,)),
        ("kind", report.by_kind),
        ("cause", report.by_cause),
        ("quarter", report.by_quarter),
    ):
        for group in groups:
            for line in group.lines:
                numbers = ["" if each is None else f"{each:g}" for each in (line.spread.median, line.spread.p85)]
                counts = [str(line.spread.n), str(line.spread.unknown)]
                told = [kind, group.name, str(group.incidents), line.name, *between(line).split(" – "), *counts, *numbers]
                rows.writerow([inert(each) for each in told])
    rows.writerow([inert(f"{profile.stamp} Durations in seconds. Made {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}.")])
    return out.getvalue().encode("utf-8-sig")


def _json(desk: Desk, report: MetricReport, now: datetime, zone: str, profile: Profile) -> bytes:
    del desk, zone
    content = {"format": "incident-metrics/1", "stamp": profile.stamp, "made_at": now, "unit": "seconds", **asdict(report)}
    return (json.dumps(content, default=str, ensure_ascii=False, indent=1) + "\n").encode()
