"""What tests of letters share: an approved letter to people, files of recipients, and what stands in a run's folder."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from incident.domain.incident import Incident
from incident.domain.letters import Output
from incident.domain.notice import NoticeKind
from incident.usecases.desk import Desk
from incident.usecases.letters import RunOrder
from incident.usecases.notices import NewNotice, begin, edit_field
from incident.usecases.versions import approve, freeze
from tests.bench_press_letter import FIELDS
from tests.conftest import NOW, an_incident, say

HEAD = ("ID", "Name", "Street", "City", "State", "ZIP", "Country", "Elements")


def a_letter(
    ana: Desk, leo: Desk | None, *, of: Incident | None = None, template: str = "us-ca-individuals", **fields: object
) -> tuple[Incident, UUID]:
    """An incident with a letter to people; approved by Leo when he is there."""
    incident = of or an_incident(ana)
    say(ana, incident, "people", "US-CA 700")
    new = NewNotice(template, recipient_name="Customers in California", recipient_address="One letter each", language="en")
    drafted = begin(ana, incident, new, now=NOW)
    known = {each.key for each in drafted.template.fields}
    for key, value in {**FIELDS, **fields}.items():
        if key in known:
            edit_field(ana, drafted.notice.id, key, value, now=NOW)
    version = freeze(ana, drafted.notice.id, NoticeKind.INITIAL, now=NOW, as_written=True)
    if leo is not None:
        approve(leo, version.id, now=NOW)
    return incident, version.id


def person(number: int, **more: str) -> list[str]:
    """An invented person of San Francisco."""
    told = {
        "ID": f"c{number}", "Name": f"Zoë Nr{number} (invented)", "Street": f"{number} Main Street", "City": "San Francisco",
        "State": "CA", "ZIP": f"{94100 + number % 50}", "Country": "US", "Elements": "name;ssn" if number % 2 else "name",
    }  # fmt: skip
    return [(told | more)[name] for name in HEAD]


def write(path: Path, rows: Iterable[Sequence[str]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def an_order(folder: Path, files: Sequence[Path], version: UUID, **more: Any) -> RunOrder:
    return RunOrder(tuple(files), folder, version_ids=(version,), **({"output": Output.PRINT} | more))


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def rejected(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
