"""The law as shipped, and what follows from a document of facts. Needs no vault, no key and no screen."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from incident.content.calendars import LibraryCalendars
from incident.content.folders import regime_folders, regimes_folder
from incident.content.law_stamp import law_stamp
from incident.content.regimes import read_regime, read_regimes, regime_files
from incident.content.vocabulary import read_vocabulary
from incident.domain.assessment import assess
from incident.domain.bench import Bench
from incident.domain.counting import Calendars
from incident.domain.explanation import Explanation, explain
from incident.domain.facts import Facts
from incident.domain.facts_document import facts_from_document
from incident.domain.notice import RequiredElement
from incident.domain.obligation import Assessment, Unevaluated
from incident.domain.problem import Problem
from incident.domain.regime import LawStatus, Regime
from incident.domain.suggestion import suggested
from incident.domain.vocabulary import FactType, Vocabulary
from incident.domain.wording import learn
from incident.errors import ContentError, RefusedError


@dataclass(frozen=True, slots=True)
class Law:
    """Every body of law in force in this process, and the files that cannot be used."""

    regimes: tuple[Regime, ...]
    vocabulary: Vocabulary
    calendars: Calendars
    problems: tuple[Problem, ...]
    stamp: str = ""
    """The files it was read from, as they stood; empty for a law that was not read from files."""

    def __post_init__(self) -> None:
        """Have the words for its facts, answers and duties at hand."""
        duties = [duty for regime in self.regimes for duty in regime.duties]
        after = {duty.id: duty.start.of for duty in duties if duty.start.of}
        learn(self.vocabulary.kinds, {duty.id: duty.title for duty in duties}, after)

    @property
    def known_obligations(self) -> frozenset[str]:
        """The ids of every duty, without place."""
        return frozenset(duty.id for regime in self.regimes for duty in regime.duties)

    @property
    def unevaluated(self) -> tuple[Unevaluated, ...]:
        """The bodies of law whose file could not be used."""
        return tuple(Unevaluated(each.place, str(each)) for each in self.problems)

    def assess(self, facts: Facts, *, now: datetime) -> Assessment:
        """What follows from these facts."""
        return assess(
            facts,
            self.regimes,
            now=now,
            calendars=self.calendars,
            question=self.vocabulary.question,
            unevaluated=self.unevaluated,
        )

    def explain(self, facts: Facts, obligation: str, *, now: datetime) -> Explanation:
        """One obligation with its counting and what would change it; refused with the nearest known one."""
        regimes = {each.slug: each for each in self.regimes}
        found = explain(Bench(facts, regimes, now, self.calendars, self.vocabulary.question), obligation, answers=self.answers)
        if found is None:
            raise RefusedError(f"These facts give rise to no obligation «{obligation}».", self.obligation_hint(obligation))
        return found

    def obligation_hint(self, typed: str) -> str:
        """Which obligation may have been meant: by id, title, or what its law is called."""
        known = {duty.id: (duty.title, regime.short, regime.title) for regime in self.regimes for duty in regime.duties}
        return suggested(typed, known)

    def answers(self, key: str) -> tuple[object, ...]:
        """The answers a fact can take, where they are few."""
        kind = self.vocabulary.kinds.get(key)
        if kind is None:
            return ()
        if kind.type is FactType.FLAG:
            return (True, False)
        return tuple(token for token, _ in kind.choices) if kind.type is FactType.CHOICE else ()

    def facts(self, document: Mapping[str, object], *, source: str) -> Facts:
        """The facts of a document, checked; raises ContentError naming `source`."""
        return facts_from_document(document, self.vocabulary, known_obligations=self.known_obligations, source=source)

    def elements_of(self, duties: tuple[str, ...]) -> tuple[RequiredElement, ...]:
        """The content elements of duties by id, as the law in force lists them."""
        return tuple(
            RequiredElement(each.id, each.text, each.citation, each.may_follow)
            for regime in self.regimes
            for duty in regime.duties
            if duty.id in duties and duty.status is LawStatus.IN_FORCE
            for each in duty.content
            if not each.when_late and each.when is None
        )


def one_regime(slug: str) -> Regime | None:
    """A single regime; one that ships is read alone. None when no regime of that name can be used."""
    found = [path for path in regime_files(regimes_folder()) if path.stem == slug]
    if found:
        with suppress(ContentError):
            return read_regime(found[0], read_vocabulary(regimes_folder() / "vocabulary.toml"))
    return next((each for each in load_law().regimes if each.slug == slug), None)


@lru_cache(maxsize=1)
def load_law() -> Law:
    """Read the law as shipped, once per process."""
    folder, stamp = regimes_folder(), law_stamp()
    with _for_good():
        vocabulary = read_vocabulary(folder / "vocabulary.toml")
        book = read_regimes(regime_folders(), vocabulary)
    return Law(book.regimes, book.vocabulary, LibraryCalendars(), book.problems, stamp)


@contextmanager
def _for_good() -> Iterator[None]:
    """What is made here lives as long as the process: the collector of cycles need not walk it, now or later."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def assess_document(document: Mapping[str, object], *, now: datetime, source: str) -> Assessment:
    """What follows from a document of facts."""
    law = load_law()
    return law.assess(law.facts(document, source=source), now=now)
