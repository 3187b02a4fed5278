"""Reads a VERIS record, any 1.x, as the beginning of an incident. What a record of statistics cannot say stays unknown.

Varieties of data become words, not the list of data elements: that list counts as complete, and a record of somebody
else's categories is not.
"""

from datetime import date
from pathlib import Path

from incident.domain.foreign_case import ANY_PLAYBOOK, USUAL_SEVERITY, ForeignCase, ForeignFact, fitting_playbook
from incident.errors import ContentError
from incident.interchange.foreign_json import Json, inner, objects, read_object, text_of, words

_RATINGS = {"Catastrophic": 1, "Damaging": 1, "Painful": 2, "Distracting": 3, "Insignificant": 4}
_ACTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("malware", "variety", "Ransomware", "ransomware"),
    ("social", "variety", "Phishing", "phishing-account-takeover"),
    ("social", "variety", "Pretexting", "business-email-compromise"),
    ("hacking", "variety", "Prompt injection", "chatbot-prompt-injection"),
    ("error", "variety", "Misdelivery", "misdirected-email"),
    ("error", "variety", "Gaffe", "misdirected-email"),
    ("error", "variety", "Misconfiguration", "cloud-storage-exposure"),
    ("error", "variety", "Publishing error", "cloud-storage-exposure"),
    ("error", "variety", "Loss", "lost-stolen-device"),
    ("physical", "variety", "Theft", "lost-stolen-device"),
    ("hacking", "vector", "Partner", "vendor-breach"),
    ("hacking", "variety", "Brute force", "credential-stuffing"),
    ("hacking", "variety", "Use of stolen creds", "credential-stuffing"),
    ("hacking", "vector", "Web application", "web-application-compromise"),
)
"""Action, which of its lists, the word in it → playbook; the first that fits."""
_READ = frozenset(
    {
        "schema_version", "schema_name", "incident_id", "source_id", "summary", "timeline", "action", "attribute", "plus",
        "discovery_notes", "notes", "corrective_action", "impact", "reference", "asset",
    }
)  # fmt: skip


def read_veris(path: Path) -> ForeignCase:
    """The record as a case; raises ContentError for what is no VERIS record."""
    record = read_object(path, "VERIS record")
    if "action" not in record or "timeline" not in record:
        raise ContentError(f"{path.name}: this is no VERIS record: `action` or `timeline` is missing.", "Name another file.")
    name = text_of(inner(record, "plus"), "master_id", longest=80) or text_of(record, "incident_id", longest=80) or path.name
    summary = text_of(record, "summary")
    left_out: list[str] = []
    facts = _facts(record, left_out)
    title = summary.split("\n")[0] or f"VERIS record {name}"
    left_out += _rest(record)
    return ForeignCase(
        origin=f"VERIS record {name}",
        title=title,
        severity=_RATINGS.get(text_of(inner(record, "impact"), "overall_rating"), USUAL_SEVERITY),
        playbook=_playbook(record, summary),
        facts=tuple(facts),
        left_out=tuple(left_out),
    )


def _playbook(record: Json, summary: str) -> str:
    action = inner(record, "action")
    for name, where, word, playbook in _ACTIONS:
        if word in words(inner(action, name), where):
            return playbook
    if "misuse" in action:
        return "insider-misuse"
    return "vendor-breach" if "partner" in inner(record, "actor") else fitting_playbook([summary]) or ANY_PLAYBOOK


def _facts(record: Json, left_out: list[str]) -> list[ForeignFact]:
    found = [*_moments(record, left_out), *_narrative(record)]
    attribute = inner(record, "attribute")
    held = inner(attribute, "confidentiality")
    disclosed = text_of(held, "data_disclosure")
    if disclosed in ("Yes", "Potentially"):
        found.append(ForeignFact("breach.confidentiality", value=True, place="attribute.confidentiality.data_disclosure"))
    elif disclosed:
        left_out.append(f"data_disclosure «{disclosed}»: whether somebody could see the data stays to be answered.")
    for name in ("integrity", "availability"):
        if name in attribute:
            found.append(ForeignFact(f"breach.{name}", value=True, place=f"attribute.{name}"))
    total = held.get("data_total")
    if isinstance(total, int) and not isinstance(total, bool) and 0 < total < 10**12:
        found.append(ForeignFact("account.records", total, "attribute.confidentiality.data_total"))
    varieties = [text_of(each, "variety") for each in objects(held, "data")]
    if named := ", ".join(dict.fromkeys(each for each in varieties if each)):
        found.append(
            ForeignFact("account.data_description", f"VERIS data varieties: {named}", "attribute.confidentiality.data")
        )
    return found


def _moments(record: Json, left_out: list[str]) -> list[ForeignFact]:
    began = inner(inner(record, "timeline"), "incident")
    year, month, day = (began.get(each) for each in ("year", "month", "day"))
    try:
        return [ForeignFact("at.occurred", date(year, month, day).isoformat(), "timeline.incident")]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        left_out.append("timeline.incident: not a whole date; when it began stays to be answered.")
        return []


def _narrative(record: Json) -> list[ForeignFact]:
    sources = (
        ("account.what_happened", record, "summary"),
        ("account.how_discovered", record, "discovery_notes"),
        ("account.measures_planned", record, "corrective_action"),
        ("account.systems", inner(record, "asset"), "notes"),
    )
    return [ForeignFact(key, said, name) for key, held, name in sources if (said := text_of(held, name))]


def _rest(record: Json) -> list[str]:
    other = sorted(str(each)[:40] for each in record if each not in _READ)
    kept = [f"{', '.join(other)}: nothing of ours stands for it."] if other else []
    return [*kept, "Whom it concerns, where they live and which data elements: only an answer of yours counts for the law."]
