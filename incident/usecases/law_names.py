"""What a person may call a body of law, an authority or a place, and what was meant by it."""

from collections.abc import Iterable

from incident.content.folders import regimes_folder
from incident.content.regimes import read_document, regime_files
from incident.content.vocabulary import declared_facts, read_vocabulary
from incident.domain.condition import tests_of
from incident.domain.place_names import place_names
from incident.domain.places import canonical_place
from incident.domain.regime import Duty, Regime
from incident.domain.suggestion import suggested
from incident.domain.wording import learn
from incident.errors import RefusedError
from incident.usecases.assess import Law, one_regime


def place_meant(typed: str) -> str:
    """The code of a place typed as a code or as its name (`California`); refused with the nearest ones."""
    code = typed.strip().upper()
    names = place_names()
    known = canonical_place(code) or (code if code in names else None)
    if known is not None:
        return known
    wanted = typed.strip().casefold().removeprefix("the ")
    for each, name in names.items():
        if name.casefold().removeprefix("the ") in (wanted, f"{wanted} state"):
            return each
    places = {each: (name.removeprefix("the "),) for each, name in names.items() if canonical_place(each) == each}
    hint = suggested(typed, places) or "Write a code or a name: DE, US-CA, California."
    raise RefusedError(f"«{typed}» is not a place.", hint)


def regime_hint(law: Law, typed: str) -> str:
    """Which body of law may have been meant: by slug, name, title or place."""
    names = place_names()
    known = {
        each.slug: (each.short, each.title, each.citation, each.place, names.get(each.place, each.place))
        for each in law.regimes
    }
    return f"{suggested(typed, known)} `incident regimes list` names all {len(known)}.".strip()


def worded_regime(slug: str) -> Regime | None:
    """A single regime, with the words for its facts and for the duties of others that it names; None when there is none."""
    found = one_regime(slug)
    if found is None:
        return None
    paths = {path.stem: path for path in regime_files(regimes_folder())}
    kinds = dict(read_vocabulary(regimes_folder() / "vocabulary.toml").kinds)
    if slug in paths:
        kinds |= declared_facts(read_document(paths[slug]), paths[slug].name)
    named = {each.partition("/")[0] for duty in found.duties for each in _named_duties(duty)} - {slug}
    others = (one_regime(each) for each in sorted(named))
    learn(kinds, {duty.id: duty.title for regime in (found, *others) if regime is not None for duty in regime.duties}, {})
    return found


def _named_duties(duty: Duty) -> Iterable[str]:
    """The duties that a duty speaks of: its chain, its order, the notices it accepts."""
    yield from (start.of for start in (duty.start, *([duty.cap.start] if duty.cap else ())) if start.of)
    yield from (to for _, to in duty.order)
    for condition in (duty.when, duty.variant_when):
        yield from (test.obligation for test in (tests_of(condition) if condition is not None else ()) if test.obligation)
