"""Worked examples: facts and what must follow from them, run against the law as shipped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from incident.content.folders import content_folders, regime_folders
from incident.content.regimes import read_examples
from incident.content.templates import read_templates
from incident.domain.assessment_document import to_document
from incident.domain.vocabulary import nearest
from incident.errors import ContentError, shown
from incident.interchange.facts_file import read_document
from incident.usecases.assess import Law, load_law

_PENDING = ("due", "undated", "not_started", "undecided")
_JUDGED_AT = datetime(2026, 11, 23, tzinfo=UTC)
"""Examples are judged at one fixed instant; nothing they assert depends on it but lateness."""


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What running examples gave."""

    examples: int
    expectations: int
    failures: tuple[str, ...]
    problems: tuple[str, ...] = ()


def check_law() -> ExampleOutcome:
    """Lint every regime and run the examples it carries."""
    law = load_law()
    examples = [each for regime in law.regimes for each in regime.examples]
    examples.extend(read_examples(regime_folders()))
    outcome = run_examples(law, examples, every=True)
    problems = (*(str(each) for each in law.problems), *_unknown_templates(law))
    return ExampleOutcome(outcome.examples, outcome.expectations, outcome.failures, problems)


def _unknown_templates(law: Law) -> Iterable[str]:
    """The notices that a duty names and that nobody has written; the duty runs all the same."""
    known = frozenset(each.slug for each in read_templates(content_folders("notice_templates"))[0])
    for duty in (duty for regime in law.regimes for duty in regime.duties):
        for name in duty.notice_templates:
            if name not in known:
                yield shown(f"{duty.id}: notice_templates: there is no notice «{name}». Did you mean {nearest(name, known)}?")


def check_files(files: Sequence[str]) -> ExampleOutcome:
    """Run the examples of files in the contract's form; expectations on laws that are not shipped are passed over."""
    examples: list[Mapping[str, Any]] = []
    for name in files:
        found = read_document(name).get("examples")
        if not isinstance(found, list):
            raise ContentError(f"{name}: there is no list of examples.", 'Write {"examples": [ … ]}.')
        examples.extend(found)
    return run_examples(load_law(), examples, every=False)


def run_examples(law: Law, examples: Iterable[Mapping[str, Any]], *, every: bool) -> ExampleOutcome:
    """Run examples; `every`: an expectation on a law that is not shipped is a failure."""
    slugs = {each.slug for each in law.regimes}
    count, expectations = 0, 0
    failures: list[str] = []
    for example in examples:
        count += 1
        wanted = [each for each in example["expect"] if every or str(each["id"]).split("/")[0] in slugs]
        if not wanted:
            continue
        expectations += len(wanted)
        try:
            facts = law.facts(_shipped_filings(example["facts"], slugs, every=every), source=str(example["id"]))
        except ContentError as error:
            failures.append(f"{example['id']}: {error}")
            continue
        rows = {str(each["id"]): each for each in to_document(law.assess(facts, now=_JUDGED_AT))["obligations"]}  # type: ignore[attr-defined]
        for each in wanted:
            failures.extend(f"{example['id']}: {each['id']}: {why}" for why in mismatches(rows.get(each["id"]), each))
    return ExampleOutcome(count, expectations, tuple(failures))


def _shipped_filings(facts: Mapping[str, Any], slugs: set[str], *, every: bool) -> Mapping[str, Any]:
    if every or "filed" not in facts:
        return facts
    return {**facts, "filed": [each for each in facts["filed"] if str(each["obligation"]).split("/")[0] in slugs]}


def mismatches(row: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Iterable[str]:
    """How an obligation differs from what an example expects of it."""
    if wanted.get("absent"):
        if row is not None and row["state"] in _PENDING:
            yield f"must not be owed, is {row['state']}"
        return
    if row is None:
        yield "is not among the obligations"
        return
    for key, value in wanted.items():
        if key not in ("id", "absent"):
            yield from _difference(row, key, value)


def _difference(row: Mapping[str, Any], key: str, value: Any) -> Iterable[str]:
    if key == "not":
        if row.get("due") == value.get("due"):
            yield f"due is the known mistake {row.get('due')}"
    elif key == "readings":
        held = {each["name"]: each["due"] for each in row["readings"]}
        yield from (f"reading {name} is {held.get(name)}, not {at}" for name, at in value.items() if held.get(name) != at)
    elif key == "missing":
        named = [each["fact"] for each in row["missing"]]
        yield from (f"{fact} is not named as missing ({named})" for fact in value if fact not in named)
    elif row.get(key) != value:
        yield f"{key} is {row.get(key)!r}, not {value!r}"
