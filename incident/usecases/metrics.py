"""The durations across incidents: median and 85th percentile with n, by kind, cause and quarter; unknown said as unknown.

Read in one pass. A filing's margin is the one that was judged when it was recorded; no law is asked again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from incident.domain.access import AccessAct
from incident.domain.metrics import FACTS, METRICS, Metric, metrics
from incident.domain.moment import written
from incident.domain.percentile import Sample, Spread
from incident.usecases.access import record_access
from incident.usecases.case_stream import Case, Wanted, cases, is_breach
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.review import events_of

MARGIN, KNOWN = "margin left at a filing", "facts known at the first filing"
UNKNOWN_CAUSE = "no cause recorded"


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric across incidents. Durations in seconds; the share of known facts from 0 to 1."""

    name: str
    from_event: str
    to_event: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents of one kind, cause or quarter: how many, and how each metric lies among them."""

    name: str
    incidents: int
    lines: tuple[MetricLine, ...]
    in_time: int
    """First filings within their date."""
    dated: int
    """First filings of duties that had a date."""


@dataclass(frozen=True, slots=True)
class MetricReport:
    """Every breach declared in the period: all together, and in groups."""

    since: datetime | None
    until: datetime | None
    all: Group
    by_kind: tuple[Group, ...]
    by_cause: tuple[Group, ...]
    by_quarter: tuple[Group, ...]


class _Gathering:
    """A group while cases come in."""

    def __init__(self, name: str) -> None:
        self.name, self.incidents, self.in_time, self.dated = name, 0, 0, 0
        self.samples = {name: Sample() for name, _, _ in METRICS}
        self.samples |= {name: Sample(little_is_bad=True) for name in (MARGIN, KNOWN)}

    def take(self, read: "_Read") -> None:
        """Take one incident in."""
        self.incidents += 1
        for each in read.durations:
            self.samples[each.name].add(each.took.total_seconds() if each.took is not None else None)
        for margin in read.margins:
            self.samples[MARGIN].add(margin)
        self.samples[KNOWN].add(read.known)
        self.in_time += read.in_time
        self.dated += read.dated

    @property
    def group(self) -> Group:
        """The group as it stands."""
        ends = {name: (start, end) for name, start, end in METRICS}
        ends |= {MARGIN: ("filed", "due"), KNOWN: ("filed.first", "now")}
        lines = tuple(MetricLine(name, *ends[name], sample.spread) for name, sample in self.samples.items())
        return Group(self.name, self.incidents, lines, self.in_time, self.dated)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one incident gives to every group that it belongs to."""

    durations: tuple[Metric, ...]
    margins: tuple[float | None, ...]
    known: float | None
    in_time: int
    dated: int


def metric_report(desk: Desk, *, since: datetime | None = None, until: datetime | None = None) -> MetricReport:
    """The metrics of every breach that was declared in the period; exercises, false alarms and merged ones do not count."""
    whole = _Gathering("all")
    kinds: dict[str, _Gathering] = {}
    causes: dict[str, _Gathering] = {}
    quarters: dict[str, _Gathering] = {}
    for case in cases(desk, Wanted(FACTS, times=True, since=since, until=until)):
        if not is_breach(case.incident):
            continue
        read = _read(case)
        whole.take(read)
        at = case.incident.declared_at.astimezone(UTC)
        for groups, names in (
            (kinds, (case.incident.playbook,)),
            (causes, sorted(case.causes) or (UNKNOWN_CAUSE,)),
            (quarters, (f"{at.year} Q{(at.month + 2) // 3}",)),
        ):
            for name in names:
                groups.setdefault(name, _Gathering(name)).take(read)
    return MetricReport(since, until, whole.group, _titled(kinds), _ordered(causes), _ordered(quarters))


def record_report(desk: Desk, *, now: datetime) -> None:
    """Record that the metrics leave the vault."""
    record_access(desk, AccessAct.EXPORTED, "the metrics across incidents", None, now=now)


def _read(case: Case) -> _Read:
    first: dict[tuple[str, str], tuple[float | None, bool]] = {}
    for each in sorted(case.sendings, key=lambda one: one.filed_at):
        left = (each.due_at - each.filed_at).total_seconds() if each.due_at is not None else None
        first.setdefault((each.on_behalf_of, each.obligation), (left, each.late_by <= 0))
    dated = [(left, in_time) for left, in_time in first.values() if left is not None]
    return _Read(
        durations=metrics(_moments(case)),
        margins=tuple(left for left, _ in first.values()),
        known=_known_share(case),
        in_time=sum(in_time for _, in_time in dated),
        dated=len(dated),
    )


def _moments(case: Case) -> Mapping[str, datetime | date]:
    found: dict[str, datetime | date] = {}
    for (principal, key), record in case.standing.items():
        if not principal and not record.unknown and (at := written(record.value)) is not None:
            found[key] = at
    own = [(each.obligation, each.filed_at) for each in case.sendings if not each.on_behalf_of]
    return {**found, **events_of(case.incident.declared_at, case.steps, case.told, own)}


def _known_share(case: Case) -> float | None:
    """Of the facts that were ever spoken about, how many were known by the first filing; None before it."""
    if not case.sendings:
        return None
    at = min(each.filed_at for each in case.sendings)
    by_then: dict[tuple[str, str], bool] = {}
    for principal, key, unknown, recorded_at in sorted(case.said, key=lambda one: one[3]):
        if recorded_at <= at:
            by_then[principal, key] = not unknown
    spoken = {(principal, key) for principal, key, _, _ in case.said}
    return sum(by_then.values()) / len(spoken) if spoken else None


def _titled(groups: Mapping[str, _Gathering]) -> tuple[Group, ...]:
    known = catalogue().playbooks
    for slug, group in groups.items():
        group.name = known[slug].title if slug in known else slug
    return tuple(sorted((each.group for each in groups.values()), key=lambda each: (-each.incidents, each.name)))


def _ordered(groups: Mapping[str, _Gathering]) -> tuple[Group, ...]:
    return tuple(groups[name].group for name in sorted(groups))


def line_named(group: Group, name: str) -> Spread:
    """How one metric lies in a group."""
    return next(each.spread for each in group.lines if each.name == name)


def spans(lines: Iterable[MetricLine]) -> tuple[tuple[str, timedelta | None, timedelta | None, int, int], ...]:
    """Durations as spans of time: name, median, 85th percentile, n, unknown; the share of facts is none of them."""
    return tuple(
        (each.name, _span(each.spread.median), _span(each.spread.p85), each.spread.n, each.spread.unknown)
        for each in lines
        if each.name != KNOWN
    )


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
