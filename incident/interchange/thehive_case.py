"""Reads a case or an alert of TheHive (4 or 5) as the beginning of an incident."""

from pathlib import Path

from incident.domain.foreign_case import USUAL_SEVERITY, ForeignCase, ForeignFact, ForeignLine, fitting_playbook
from incident.domain.timeline import Precision
from incident.errors import ContentError
from incident.interchange.foreign_json import Json, counted, moment_of, objects, read_object, text_of, words

_SEVERITY = {1: 4, 2: 3, 3: 2, 4: 1}
"""Theirs rises from low to critical, ours falls from 1 (worst) to 4."""


def read_thehive(path: Path) -> ForeignCase:
    """The case or alert; raises ContentError for what is neither."""
    record = read_object(path, "case of TheHive")
    title = text_of(record, "title", longest=500)
    is_alert = "sourceRef" in record
    if not title or not ({"sourceRef", "caseId", "number", "startDate", "_id"} & set(record)):
        raise ContentError(
            f"{path.name}: this is no case or alert of TheHive: `title` or its number is missing.", "Name another."
        )
    number = text_of(record, *(("sourceRef",) if is_alert else ("number", "caseId", "_id")), longest=80)
    origin = f"TheHive {'alert' if is_alert else 'case'} {number}"
    left_out: list[str] = []
    facts = _facts(record, left_out)
    severity = record.get("severity")
    return ForeignCase(
        origin=origin,
        title=title,
        severity=_SEVERITY.get(severity, USUAL_SEVERITY) if isinstance(severity, int) else USUAL_SEVERITY,
        playbook=fitting_playbook([title, *words(record, "tags")]),
        facts=tuple(facts),
        lines=tuple(_lines(record, origin)),
        left_out=tuple(left_out + _rest(record)),
    )


def _facts(record: Json, left_out: list[str]) -> list[ForeignFact]:
    found = []
    for name in ("date", "startDate"):
        if name not in record:
            continue
        if (at := moment_of(record[name])) is not None:
            found.append(ForeignFact("at.detected", at.isoformat(), name))
            break
        left_out.append(f"{name}: this is no time in milliseconds; when it was noticed stays to be answered.")
    if said := text_of(record, "description"):
        found.append(ForeignFact("account.what_happened", said, "description"))
    return found


def _lines(record: Json, origin: str) -> list[ForeignLine]:
    """What the record says happened when: its steps (procedures) and its summary at the end."""
    found = []
    for each in objects(record, "procedures"):
        at, said = moment_of(each.get("occurDate")), text_of(each, "description", "patternId", longest=4_000)
        if at is not None and said:
            technique = text_of(each, "patternId", longest=40)
            text = f"{technique}: {said}" if technique and technique != said else said
            found.append(ForeignLine(at, " ".join(text.split()), Precision.EXACT, None, f"imported from {origin}, procedures"))
    ended, summary = moment_of(record.get("endDate")), text_of(record, "summary", longest=4_000)
    if ended is not None and summary:
        found.append(ForeignLine(ended, " ".join(summary.split()), Precision.EXACT, None, f"imported from {origin}, summary"))
    return found


def _rest(record: Json) -> list[str]:
    left = []
    if count := len(objects(record, "observables", "artifacts")):
        left.append(f"{counted(count, 'observable')}: keep the file as evidence.")
    if tags := words(record, "tags"):
        left.append(f"Tags: {', '.join(tags[:20])}.")
    if "tlp" in record:
        left.append(f"tlp {str(record['tlp'])[:10]}: the number means another colour in version 4 than in version 5.")
    if record.get("customFields"):
        left.append("customFields: nothing of ours stands for them.")
    return left
