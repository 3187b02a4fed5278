"""Reads bodies of law: `regimes/<region>/<law>.toml` → regimes, their facts, and the list of what is wrong.

A regime that cannot be used is reported as such and shown as not evaluated; it never stops the program.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident.content.regime_document import RegimeReader
from incident.content.vocabulary import declared_facts
from incident.domain.condition import tests_of
from incident.domain.problem import Problem
from incident.domain.regime import Duty, Regime
from incident.domain.vocabulary import FactKind, Vocabulary, nearest
from incident.errors import ContentError


@dataclass(frozen=True, slots=True)
class LawBook:
    """Every regime that can be used, the vocabulary with the facts they declare, and what cannot be used."""

    regimes: tuple[Regime, ...]
    vocabulary: Vocabulary
    problems: tuple[Problem, ...]


def regime_files(folder: Path) -> list[Path]:
    """The files of a folder that hold a regime; worked examples stand beside them in files of their own."""
    return [path for path in sorted(folder.glob("*/*.toml")) if not path.name.endswith(".examples.toml")]


def read_examples(folders: Sequence[Path]) -> tuple[Mapping[str, Any], ...]:
    """The worked examples that stand beside the regimes, each with the file's name before its own."""
    found: list[Mapping[str, Any]] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*/*.examples.toml"))):
        slug = path.name.removesuffix(".examples.toml")
        found.extend({**each, "id": f"{slug}: {each['id']}"} for each in read_document(path).get("examples", ()))
    return tuple(found)


def read_regimes(folders: Sequence[Path], vocabulary: Vocabulary) -> LawBook:
    """Every regime below the folders, in the files' order; the first file of a slug counts."""
    documents: list[tuple[Path, Mapping[str, Any]]] = []
    problems: list[Problem] = []
    for path in (path for folder in folders for path in regime_files(folder)):
        try:
            documents.append((path, read_document(path)))
        except ContentError as error:
            problems.append(_problem(path, error))
    vocabulary = _with_declared(documents, vocabulary, problems)
    regimes: dict[str, tuple[Path, Regime]] = {}
    for path, document in documents:
        try:
            regime = regime_of(document, path.name, vocabulary)
            if regime.slug in regimes:
                raise ContentError(f"{path.name}: the regime «{regime.slug}» is there already.", "Give yours its own slug.")
            regimes[regime.slug] = (path, regime)
        except ContentError as error:
            problems.append(_problem(path, error))
    problems.extend(_unknown_obligations(regimes))
    refused = {problem.place for problem in problems}
    usable = tuple(regime for path, regime in regimes.values() if path.stem not in refused)
    return LawBook(usable, vocabulary, tuple(problems))


def read_document(path: Path) -> Mapping[str, Any]:
    """A TOML document; raises ContentError naming the file and line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ContentError(f"{path.name}: this is not TOML: {error}.", "Mend the line.") from error


def read_regime(path: Path, vocabulary: Vocabulary) -> Regime:
    """One regime with the facts it declares; raises ContentError naming the file and the line or key."""
    document = read_document(path)
    return regime_of(document, path.name, Vocabulary({**vocabulary.kinds, **declared_facts(document, path.name)}))


def regime_of(document: Mapping[str, Any], file: str, vocabulary: Vocabulary) -> Regime:
    """The regime of a document; raises ContentError naming the file and the key."""
    reader = RegimeReader(file, document, vocabulary)
    try:
        return reader.regime()
    except ContentError as error:
        raise ContentError(f"{file}: {reader.place}: {error.message}", error.hint) from error
    except KeyError as error:
        raise ContentError(f"{file}: {reader.place}: {error} is missing.", "Add the key.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ContentError(f"{file}: {reader.place}: {error}.", "Mend the value.") from error


def _problem(path: Path, error: ContentError) -> Problem:
    return Problem(path.name, path.stem, error.message.removeprefix(f"{path.name}: "), error.hint)


def _with_declared(
    documents: Iterable[tuple[Path, Mapping[str, Any]]], vocabulary: Vocabulary, problems: list[Problem]
) -> Vocabulary:
    """The vocabulary with the facts that single regimes declare; a second meaning of one fact is refused."""
    kinds: dict[str, FactKind] = dict(vocabulary.kinds)
    for path, document in documents:
        try:
            for key, kind in declared_facts(document, path.name).items():
                if kinds.get(key, kind) != kind:
                    raise ContentError(f"{path.name}: facts.{key}: it has another meaning already.", "Choose another name.")
                kinds[key] = kind
        except ContentError as error:
            problems.append(_problem(path, error))
    return Vocabulary(kinds)


def _unknown_obligations(regimes: Mapping[str, tuple[Path, Regime]]) -> Iterable[Problem]:
    """References to an obligation that no regime has: a chained clock could never start."""
    known = {duty.id for _, regime in regimes.values() for duty in regime.duties}
    for path, regime in regimes.values():
        for duty in regime.duties:
            for named in _named_obligations(duty):
                if named not in known:
                    message = f"duties.{duty.slug}: there is no obligation «{named}»."
                    yield Problem(path.name, path.stem, message, f"Did you mean {nearest(named, frozenset(known))}?")


def _named_obligations(duty: Duty) -> Iterable[str]:
    starts = (duty.start, *(limit.start for limit in (duty.cap, duty.not_before) if limit is not None))
    yield from (start.of for start in starts if start.of)
    yield from (to for _, to in duty.order)
    for condition in (duty.when, duty.variant_when):
        if condition is not None:
            yield from (test.obligation for test in tests_of(condition) if test.obligation)
