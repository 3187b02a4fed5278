"""`incident metrics`: how long it took, from what to what; across incidents median and 85th percentile with n."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options, zone_of
from incident.errors import ContentError

if TYPE_CHECKING:
    from datetime import datetime

    from incident.usecases.desk import Desk
    from incident.usecases.metrics import MetricReport

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident metrics …`."""
    parser = commands.add_parser("metrics", help="how long it took, from what to what; across incidents with n")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", parents=[_period()], help="medians, 85th percentiles and trends, as charts")
    show.set_defaults(run=_show)
    write = acts.add_parser("write", parents=[_period()], help="the same as PDF, SVG, CSV or JSON")
    write.add_argument("--to", type=Path, required=True, metavar="FILE", help="a file that ends in .pdf, .svg, .csv or .json")
    write.add_argument(
        "--profile",
        choices=["privileged", "regulator", "customer", "public"],
        default="privileged",
        help="for whom; the stamp says so (numbers only: nothing is left out)",
    )
    write.set_defaults(run=_write)


def _period() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False, parents=[vault_options()])
    options.add_argument("--since", metavar="DAY", help="declared on or after this day (YYYY-MM-DD)")
    options.add_argument("--until", metavar="DAY", help="declared before this day")
    return options


def _report(desk: "Desk", args: argparse.Namespace) -> "MetricReport":
    from incident.usecases.metrics import metric_report

    zone = zone_of(desk)
    return metric_report(desk, since=_midnight(args.since, zone), until=_midnight(args.until, zone))


def _midnight(text: str | None, zone: str) -> "datetime | None":
    from datetime import date, datetime, time
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
    except ValueError as error:
        raise ContentError(f"«{text}» is not a day.", "Write it as YYYY-MM-DD.") from error


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import columns, print_json, print_table, say
    from incident.documents.charts import in_terminal
    from incident.usecases.metric_charts import between, charts, filing_text, words

    with open_desk(args) as desk:
        report = _report(desk, args)
    if args.json:
        print_json(report)
        return 0
    if not report.all.incidents:
        print("No incident was declared in this period; exercises, false alarms and merged ones do not count.")
        return 0
    print(f"{report.all.incidents} {'incident' if report.all.incidents == 1 else 'incidents'}")
    say(filing_text(report.all))
    print()
    print_table(("metric", "from – to", "median"), [(each.name, between(each), words(each)) for each in report.all.lines])
    for chart in charts(report):
        print()
        print("\n".join(in_terminal(chart, columns=columns())))
    return 0


def _write(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.metric_charts import write_metrics

    profile = Profile(args.profile)
    with open_desk(args) as desk:
        report = _report(desk, args)
        path = write_metrics(desk, report, args.to, now=clock.now(), zone=zone_of(desk), profile=profile)
    if args.json:
        print_json({"path": path, "incidents": report.all.incidents, "stamp": profile.stamp})
    else:
        print(f"{report.all.incidents} incidents are in {path}.")
    return 0
