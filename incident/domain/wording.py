"""Conditions, values and starts in the words people read; pure functions of the sentence, each found once.

The labels of tokens, the questions of facts and the titles of duties are learnt when the law is read. What has no words
of its own is said by its question, never by its key alone.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from incident.domain.phrases import CHOICES, EVENTS, KNOWERS, LISTS, READINGS, RELATIONS, REMARKS, statement
from incident.domain.place_names import place_name
from incident.domain.vocabulary import FactKind

_KINDS: dict[str, FactKind] = {}
_TITLES: dict[str, str] = {}
_AFTER: dict[str, str] = {}

_PEOPLE = re.compile(r"people (?:in (\S+)|(total|unreachable)) (>=|>|<=|<) (\d+)")
_HAS_PLACE = re.compile(r"(\S+) has a place in (\S+)")
_HAS = re.compile(r"(\S+) has (.+)")
_IS = re.compile(r"(\S+) is (not )?(\S+)")
_SENT = re.compile(r"notices under (\S+) were sent")
_MOMENT = re.compile(r"(\S+) (later than|within) (\d+) (\w+(?: \w+)?) (?:after|of) (\S+)")


def learn(kinds: Mapping[str, FactKind], titles: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Keep the labels of facts and tokens, the titles of duties, and after which notice (by id) a duty's clock starts."""
    _KINDS.update(kinds)
    _TITLES.update(titles)
    _AFTER.update(after)
    in_words.cache_clear()
    value_in_words.cache_clear()


@lru_cache(maxsize=16384)
def in_words(text: str) -> str:
    """A test's sentence in words; `not` before it says the opposite."""
    bare = text.removeprefix("not ")
    holds = bare == text
    if bare in REMARKS:
        return REMARKS[bare]
    for pattern, say in _SAYERS:
        if (found := pattern.fullmatch(bare)) is not None:
            return say(found, holds=holds)
    return text


def _people(found: re.Match[str], *, holds: bool) -> str:
    place, word, operator, digits = found.groups()
    number = int(digits)
    where = f" in {place_name(place)}" if place else ""
    if not holds:
        operator = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}[operator]
    end = "cannot be reached" if word == "unreachable" else "are affected"
    if (operator, number) in ((">=", 1), (">", 0)):
        return f"people{where} {end}"
    if (operator, number) in (("<", 1), ("<=", 0)):
        return f"nobody{where} {'is out of reach' if word == 'unreachable' else 'is affected'}"
    amount = {">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most"}[operator]
    return f"{amount} {number:,} {'person' if number == 1 else 'people'}{where} {end}"


def _has_place(found: re.Match[str], *, holds: bool) -> str:
    return _listed(found[1], place_name(found[2]), holds=holds)


def _has(found: re.Match[str], *, holds: bool) -> str:
    key, tokens = found[1], found[2].split(" or ")
    if tokens == ["any"]:
        return f"{'any' if holds else 'no'} personal data are affected" if key == "data.elements" else _said(key, holds=holds)
    joined = " or ".join(_token_in_sentence(key, token) for token in tokens)
    return _listed(key, joined if len(tokens) < 3 else joined.replace(" or ", ", ", len(tokens) - 2), holds=holds)


def _listed(key: str, what: str, *, holds: bool) -> str:
    if key in LISTS:
        return LISTS[key][0 if holds else 1].format(what)
    return f"«{_question(key)}» names {'' if holds else 'none of '}{what}"


def _token_in_sentence(key: str, token: str) -> str:
    label = token_label(key, token)
    on_paper = key == "data.medium" and label == "paper"
    if key in ("organisation.roles", "organisation.sectors"):
        return _with_article(label.split(" (in the US")[0])
    if on_paper:
        return "on paper"
    return _with_article(label) if key == "data.elements" and not _uncounted(label) else label


def _uncounted(label: str) -> bool:
    return label.split(" (")[0].endswith(("information", "data", "records", "scan data")) or label.startswith("payment for")


def _with_article(label: str) -> str:
    if label.startswith(("critical infrastructure operator", "mother's")):
        return label if label.startswith("mother's") else f"a {label}"
    vowel = label[0].lower() in "aeiou" and not label.lower().startswith(("user", "eu", "union", "uni"))
    return f"{'an' if vowel or label.startswith(('FHA', 'SCI', 'NIS', 'HIPAA agent', 'FTI')) else 'a'} {label}"


def _is(found: re.Match[str], *, holds: bool) -> str:
    key, value = found[1], found[3]
    holds = holds is not bool(found[2])
    if key == "place":
        return f"the place is {'' if holds else 'not '}{place_name(value)}"
    if value == "known":
        return f"it is {'' if holds else 'not '}known {_when_or_what(key)}"
    if value in ("true", "false"):
        return _said(key, holds=holds is (value == "true"))
    yes, no = CHOICES.get(key, (f"«{_question(key)}» is answered «{{}}»", f"«{_question(key)}» is not answered «{{}}»"))
    return (yes if holds else no).format(token_label(key, value))


def _when_or_what(key: str) -> str:
    group, _, name = key.partition(".")
    if group == "at":
        return f"when {event_words(key)}"
    said = statement(key, holds=True)
    return f"whether {said}" if said else f"(«{_question(key)}»)"


def _place_is(found: re.Match[str], *, holds: bool) -> str:
    names = [place_name(code) for code in found[1].split(" or ")]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"the place is {'' if holds else 'not '}{listed}"


def _sent(found: re.Match[str], *, holds: bool) -> str:
    return f"«{duty_title(found[1])}» has {'' if holds else 'not '}been sent, which this law accepts"


def _moment(found: re.Match[str], *, holds: bool) -> str:
    key, relation, amount, unit, anchor = found.groups()
    later = (relation == "later than") is holds
    unit = unit.removesuffix("s") if amount == "1" else unit
    what = event_words(key) if key.startswith("at.") else f"the day asked for by «{_question(key)}»"
    since = (
        event_start(anchor) if anchor.startswith("filed") else " or ".join(f"when {event_words(e)}" for e in anchor.split("|"))
    )
    subject = f"the day when {what}" if key.startswith("at.") else what
    return f"{subject} is {'later than' if later else 'within'} {amount} {unit} {'after' if later else 'of'} {since}"


def _said(key: str, *, holds: bool) -> str:
    said = statement(key, holds=holds)
    return said if said is not None else f"the answer to «{_question(key)}» is {'yes' if holds else 'no'}"


_SAYERS = (
    (_PEOPLE, _people),
    (re.compile(r"place is (.+)"), _place_is),
    (_SENT, _sent),
    (_HAS_PLACE, _has_place),
    (_HAS, _has),
    (_IS, _is),
    (_MOMENT, _moment),
)


@lru_cache(maxsize=16384)
def value_in_words(text: str, value: str, *, outcome: bool | None) -> str:
    """What was found for a test; of a statement that is simply true or false, whether it is."""
    bare = text.removeprefix("not ")
    if value in ("true", "false"):
        return str(outcome).lower()
    if value in ("unknown", "known", "not said") or value.startswith(("unknown:", "sent ", "not sent")):
        return value
    key = bare.split(" ", 1)[0]
    if key in ("people", "place"):
        return re.sub(r"\d{4,}", lambda number: f"{int(number[0]):,}", value) if key == "people" else place_name(value)
    begun = "so far: " if value.startswith("so far: ") else ""
    return begun + ", ".join(token_label(key, each) for each in value.removeprefix(begun).split(", "))


def is_said_by(text: str, value: str) -> bool:
    """Whether the sentence itself says what was found (`you are a controller`)."""
    found = _HAS.fullmatch(text.removeprefix("not "))
    return found is not None and found[2] == value


def settled_words(text: str, value: str) -> str:
    """Why nobody need be told: the test that failed, said as what is the case."""
    if text in REMARKS:
        return value
    opposite = text.removeprefix("not ") if text.startswith("not ") else f"not {text}"
    shown = value_in_words(text, value, outcome=False)
    plain = is_said_by(text, value) or shown in ("true", "false", "known", "not said", "none") or shown.startswith("unknown")
    return in_words(opposite) + ("" if plain else f" (now {shown})")


def token_label(key: str, token: str) -> str:
    """The label of an answer; of a place its name."""
    kind = _KINDS.get(key)
    label = dict(kind.choices).get(token) if kind is not None else None
    return label or (place_name(token) if token.isupper() or "-" in token else token.replace("_", " "))


def _question(key: str) -> str:
    kind = _KINDS.get(key)
    return kind.question if kind is not None else key.partition(".")[2].replace("_", " ") or key


def duty_title(obligation: str) -> str:
    """The title of a duty by its id, with the place where one is named."""
    name, _, place = obligation.partition("@")
    title = _TITLES.get(name, name)
    return f"{title} ({place_name(place).removeprefix('the ')})" if place else title


def event_words(name: str) -> str:
    """An event as a clause: `you became aware`."""
    bare = name.removeprefix("at.")
    return EVENTS.get(bare, bare.replace("_", " "))


def event_start(event: str) -> str:
    """From what a clock was counted: `the moment you became aware`, `the first filing of «California: residents»`."""
    relation, _, of = event.partition(":")
    if relation in ("filed", "filed-last"):
        return f"the {'first' if relation == 'filed' else 'latest'} filing of «{duty_title(of)}»"
    if relation == "knowledge":
        return f"the moment {KNOWERS.get(of, of)}"
    return "the end of the hold" if event == "hold" else f"the moment {event_words(event)}"


def reading_words(name: str) -> str:
    """The name of another reading of a date."""
    return READINGS.get(name, name.replace("_", " "))


def order_words(relation: str, to: str) -> str:
    """How the law orders this notice and another: `to be sent before «…»`."""
    return f"{RELATIONS.get(relation, relation.replace('_', ' '))} «{duty_title(to)}»"


def asked_for(fact: str, question: str, obligation: str, accepted: Iterable[str] = ()) -> str:
    """What is missing, as it is asked for: a notice by its name where a clock waits for one to be sent."""
    if fact != "filed":
        return question
    after = _AFTER.get(obligation.split("@")[0])
    named = [*accepted, *([after] if after else [])]
    return " or ".join(f"once «{duty_title(each)}» has been filed" for each in dict.fromkeys(named)) or question


def accepted_notices(texts: Iterable[str]) -> tuple[str, ...]:
    """The notices under another law that the tests would accept."""
    found = (_SENT.fullmatch(text.removeprefix("not ")) for text in texts)
    return tuple(each[1] for each in found if each is not None)
