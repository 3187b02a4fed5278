"""Reads bodies of law: `regimes/<region>/<law>.toml` → regimes, their facts, and the list of what is wrong.

A regime that cannot be used is reported as such and shown as not evaluated; it never stops the program.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from incident.content.regime_document import RegimeReader
from incident.content.regime_keys import LINE, TABLE, TABLES, checked
from incident.content.vocabulary import declared_facts
from incident.domain.chain import Chains, unknown_obligation
from incident.domain.problem import Problem
from incident.domain.regime import Regime
from incident.domain.toml_text import read_toml
from incident.domain.vocabulary import FactKind, Vocabulary
from incident.errors import ContentError, shown
from incident.regular_file import regular_file


@dataclass(frozen=True, slots=True)
class LawBook:
    """Every regime that can be used, the vocabulary with the facts they declare, and what cannot be used."""

    regimes: tuple[Regime, ...]
    vocabulary: Vocabulary
    problems: tuple[Problem, ...]


_NO_REGIMES = ("vocabulary.toml", "authorities.toml")
"""They stand beside the regions and hold no law."""


def regime_files(folder: Path) -> list[Path]:
    """The files of a folder that hold a regime, at its top or one level below; worked examples have files of their own."""
    found = (*folder.glob("*.toml"), *folder.glob("*/*.toml"))
    return sorted(path for path in found if not path.name.endswith(_EXAMPLES) and not _is_no_regime(path, folder))


def _is_no_regime(path: Path, folder: Path) -> bool:
    return path.parent == folder and path.name in _NO_REGIMES


_EXAMPLES = ".examples.toml"


def read_examples(folders: Sequence[Path]) -> tuple[Mapping[str, Any], ...]:
    """The worked examples that stand beside the regimes, each with the file's name before its own."""
    found: list[Mapping[str, Any]] = []
    for path in (path for folder in folders for depth in ("", "*/") for path in sorted(folder.glob(f"{depth}*{_EXAMPLES}"))):
        slug = path.name.removesuffix(_EXAMPLES)
        for number, each in enumerate(checked(read_document(path), {"examples": TABLES}).get("examples", ()), 1):
            held = {key: each[key] for key in _EXAMPLE if key in each}
            checked(held, _EXAMPLE, tuple(_EXAMPLE), where=f"{path.name}: examples[{number}]")
            found.append({**each, "id": f"{slug}: {each['id']}"})
    return tuple(found)


_EXAMPLE = {"id": LINE, "facts": TABLE, "expect": TABLES}


@dataclass(slots=True)
class _Reading:
    """What has been read so far: regimes by slug with their files, the files that cannot be used, and why."""

    regimes: dict[str, tuple[Path, Regime]] = field(default_factory=dict)
    refused: dict[Path, ContentError] = field(default_factory=dict)
    chains: Chains = field(default_factory=Chains)
    taken: dict[str, Path] = field(default_factory=dict)
    """Whose a slug is: the first file that has its name or says it, even if that file cannot be used."""

    def take(self, path: Path, document: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        """Read one regime; what is wrong with it is kept."""
        try:
            regime = regime_of(document, path.name, vocabulary)
            if self.taken.setdefault(regime.slug, path) != path:
                raise ContentError(f"the regime «{regime.slug}» is there already.", "Give yours its own slug.")
            self.chains.take(regime)
            self.regimes[regime.slug] = (path, regime)
        except ContentError as error:
            self.refused[path] = error

    def leave_out_what_hangs_on_nothing(self) -> None:
        """Refuse regimes that name an obligation no usable regime has; their own obligations go with them."""
        while True:
            known = {duty.id for _, regime in self.regimes.values() for duty in regime.duties}
            wrong = {slug: unknown_obligation(regime, known) for slug, (_, regime) in self.regimes.items()}
            found = {slug: error for slug, error in wrong.items() if error is not None}
            for slug, error in found.items():
                self.refused[self.regimes.pop(slug)[0]] = error
            if not found:
                return

    def problems(self, folders: Sequence[Path]) -> tuple[Problem, ...]:
        """What cannot be used, each under its regime's slug; under its path where that slug is another file's."""
        found = []
        for path, error in self.refused.items():
            folder = next((each for each in folders if path.is_relative_to(each)), path.parent)
            own = self.taken.get(path.stem, path) == path and path.stem not in self.regimes
            place = path.stem if own else path.relative_to(folder).as_posix()
            found.append(Problem(path.name, shown(place), error.message.removeprefix(f"{path.name}: "), error.hint))
        return tuple(found)


def read_regimes(folders: Sequence[Path], vocabulary: Vocabulary) -> LawBook:
    """Every regime below the folders, in the files' order; the first file of a slug counts."""
    documents: list[tuple[Path, Mapping[str, Any]]] = []
    reading = _Reading()
    for path in (path for folder in folders for path in regime_files(folder)):
        reading.taken.setdefault(path.stem, path)
        try:
            documents.append((path, read_document(path)))
        except ContentError as error:
            reading.refused[path] = error
    vocabulary = _with_declared(documents, vocabulary, reading.refused)
    for path, document in documents:
        if path not in reading.refused:
            reading.take(path, document, vocabulary)
    reading.leave_out_what_hangs_on_nothing()
    usable = tuple(regime for _, regime in reading.regimes.values())
    return LawBook(usable, vocabulary, reading.problems(folders))


def read_document(path: Path) -> Mapping[str, Any]:
    """A TOML document; raises ContentError naming the file and line."""
    try:
        return read_toml(regular_file(path, "file of law", megabytes=_MEGABYTES).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from error
    except ContentError as error:
        raise ContentError(f"{path.name}: {error.message}", error.hint) from error


_MEGABYTES = 2
"""No regime is larger: the longest that ships has 14 kB."""


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


def _with_declared(
    documents: Iterable[tuple[Path, Mapping[str, Any]]], vocabulary: Vocabulary, refused: dict[Path, ContentError]
) -> Vocabulary:
    """The vocabulary with the facts that single regimes declare; a second meaning of one fact is refused."""
    kinds: dict[str, FactKind] = dict(vocabulary.kinds)
    for path, document in documents:
        try:
            declared = declared_facts(document, path.name)
            for key, kind in declared.items():
                if kinds.get(key, kind) != kind:
                    raise ContentError(f"{path.name}: facts.{key}: it has another meaning already.", "Choose another name.")
            kinds.update(declared)
        except ContentError as error:
            refused[path] = error
    return Vocabulary(kinds)
