"""Reads a case (with its timeline) or an alert of DFIR-IRIS as the beginning of an incident.

IRIS writes many times without a zone. An event has its own (`event_tz`) and is refused without one; an alert's time
without one is left out and said, because hours count.
"""

import re
from datetime import datetime
from pathlib import Path

from incident.domain.foreign_case import USUAL_SEVERITY, ForeignCase, ForeignFact, ForeignLine, fitting_playbook
from incident.domain.timeline import Precision
from incident.errors import ContentError
from incident.interchange.foreign_json import (
    Json,
    as_seen,
    cleaned,
    counted,
    inner,
    moment_of,
    objects,
    read_object,
    text_of,
    words,
)

_SEVERITIES = {"critical": 1, "high": 1, "medium": 2, "low": 3, "informational": 4}
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-]\d{2}):?(\d{2})")


def read_iris(path: Path) -> ForeignCase:
    """The case or alert; raises ContentError for what is neither, or an event whose time has no zone."""
    record = read_object(path, "case of DFIR-IRIS")
    case = inner(record, "case") or record
    title = text_of(case, "alert_title", "case_name", "name", longest=500)
    if not title or not ({"alert_title", "case_name", "case_id", "case_soc_id", "case"} & {*case, *record}):
        raise ContentError(f"{path.name}: this is no case or alert of DFIR-IRIS: its title is missing.", "Name another file.")
    kind = "alert" if "alert_title" in case else "case"
    number = text_of(case, "alert_source_ref", "alert_id", "case_soc_id", "case_id", "case_uuid", longest=80)
    origin = f"DFIR-IRIS {kind} {number}".strip()
    left_out: list[str] = []
    facts = _facts(case, left_out)
    tags = (*words(case, "alert_tags"), *words(case, "case_tags"))
    return ForeignCase(
        origin=origin,
        title=re.sub(r"^#\d+ - ", "", title),
        severity=_severity(case, left_out),
        playbook=fitting_playbook([title, *tags]),
        facts=tuple(facts),
        lines=tuple(_lines(record, origin, path.name)),
        left_out=tuple(left_out + _rest(record, case, tags)),
    )


def _severity(case: Json, left_out: list[str]) -> int:
    named = text_of(inner(case, "severity"), "severity_name") or text_of(case, "severity_name", "alert_severity")
    if named.casefold() in _SEVERITIES:
        return _SEVERITIES[named.casefold()]
    if "alert_severity_id" in case or "severity_id" in case:
        left_out.append(f"The severity is a number of that installation alone; {USUAL_SEVERITY} was taken.")
    return USUAL_SEVERITY


def _facts(case: Json, left_out: list[str]) -> list[ForeignFact]:
    found = []
    for name in ("alert_source_event_time", "alert_creation_time"):
        if not case.get(name):
            continue
        if (at := moment_of(case[name])) is not None:
            found.append(ForeignFact("at.detected", at.isoformat(), name))
            break
        left_out.append(f"{name} «{as_seen(case[name])}» has no zone; when it was noticed stays to be answered.")
    if said := text_of(case, "alert_description", "case_description", "description"):
        found.append(ForeignFact("account.what_happened", said, "description"))
    return found


def _lines(record: Json, origin: str, name: str) -> list[ForeignLine]:
    found = []
    for number, event in enumerate(objects(record, "timeline", "events", "case_events"), start=1):
        where = f"event {number}"
        title, content = (text_of(event, key, longest=2_000) for key in ("event_title", "event_content"))
        text = " ".join(f"{title}: {content}".split() if title and content else (title or content).split())
        if text:
            source = cleaned(text_of(event, "event_source"), longest=500)
            said = f"imported from {origin}, {where}{f': {source}' if source else ''}"
            found.append(ForeignLine(_at(event, f"{name}, {where}"), text, Precision.EXACT, None, said))
    return found


def _at(event: Json, where: str) -> datetime:
    said = text_of(event, "event_date", longest=60)
    found = moment_of(said)
    offset = _OFFSET.fullmatch(text_of(event, "event_tz", longest=20))
    if found is None and offset is not None:
        found = moment_of(f"{said}{offset[1]}:{offset[2]}")
    if found is None:
        raise ContentError(
            f"{where}: the time «{as_seen(said)}» has no zone.", "Give `event_tz` as +00:00, or an offset in the time."
        )
    return found


def _rest(record: Json, case: Json, tags: tuple[str, ...]) -> list[str]:
    left = []
    for what, keys in (("IOC", ("iocs", "ioc")), ("asset", ("assets",))):
        if count := len(objects(record, *keys) or objects(case, f"alert_{keys[0]}")):
            left.append(f"{counted(count, what)}: keep the file as evidence.")
    if tags:
        left.append(f"Tags: {', '.join(tags[:20])}.")
    return left
