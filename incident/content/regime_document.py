"""One body of law from its document: every key known, every fact, token, place and period checked by name."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from incident.domain.condition import Condition, FactTest, tests_of
from incident.domain.condition_text import conjunction, parse_condition
from incident.domain.counting import Period, parse_period
from incident.domain.places import canonical_place, nearest_place
from incident.domain.regime import (
    Duty,
    Element,
    HoldPolicy,
    HoldRule,
    LawStatus,
    Limit,
    PlaceRule,
    Regime,
    Relation,
    Retention,
    Start,
)
from incident.domain.vocabulary import FactType, Vocabulary, nearest
from incident.errors import ContentError

_REGIME_KEYS = frozenset(
    """slug title short place citation source checked_on recheck_by confidence imputed conditions duties retention
    examples notes hold readings calendar facts""".split()  # noqa: SIM905 - a table of words
)
_DUTY_KEYS = frozenset(
    """slug title recipient citation source confidence checked_on starts period variant variant_when when places
    places_from status effective_from effective_until cap not_before hold readings calendar closing zone law_day first_day
    relief_when always_owed order content forbidden notice_templates note""".split()  # noqa: SIM905 - a table of words
)
_CONFIDENCE = ("high", "medium", "low")


class RegimeReader:
    """Reads one document; `place` is the key being read, for the message."""

    def __init__(self, file: str, content: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.file, self.content, self.vocabulary, self.place = file, content, vocabulary, "the file"
        self.named: dict[str, Condition] = {}

    def regime(self) -> Regime:
        """The regime; raises ContentError, KeyError, ValueError or TypeError at `place`."""
        content = self.content
        self.known(content, _REGIME_KEYS)
        self.said(content, "citation", "source", "slug", "title")
        duties = tuple(self.duty(entry) for entry in content["duties"])
        self.place = "duties"
        self.no_overlap(duties)
        return Regime(
            slug=content["slug"],
            title=content["title"],
            short=content["short"],
            place=content["place"],
            citation=content["citation"],
            source=content["source"],
            checked_on=self.day(content["checked_on"]) or date.min,
            recheck_by=self.day(content["recheck_by"]) or date.min,
            confidence=self.one_of(content["confidence"], _CONFIDENCE),
            duties=duties,
            imputed=frozenset(content.get("imputed", ())),
            retention=tuple(Retention(**entry) for entry in content.get("retention", ())),
            examples=tuple(content.get("examples", ())),
            notes=tuple(content.get("notes", ())),
        )

    def known(self, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        """Refuse a key that does not exist here."""
        for key in table:
            if key not in keys:
                raise ContentError(f"«{key}» is not a key here.", f"Did you mean {nearest(key, keys)}?")

    def said(self, table: Mapping[str, Any], *keys: str) -> None:
        """Refuse an empty provision, source or name."""
        for key in keys:
            if not isinstance(table[key], str) or not table[key].strip():
                raise ContentError(f"«{key}» is empty.", "Every rule names its provision and where its text stands.")

    def one_of(self, value: object, known: tuple[str, ...]) -> str:
        """The value, if it is one of the known words."""
        if value not in known:
            raise ContentError(f"«{value}» is not known here.", f"Write one of {', '.join(known)}.")
        return str(value)

    def no_overlap(self, duties: tuple[Duty, ...]) -> None:
        """Two plain versions of one duty may not be law on the same day, and a variant needs its name."""
        if len({(each.slug, each.variant) for each in duties}) != len(duties):
            raise ContentError("one is there twice.", "Give a version its own `variant`.")
        plain = [each for each in duties if each.variant_when is None and each.status is not LawStatus.PROPOSED]
        for index, one in enumerate(plain):
            for other in plain[index + 1 :]:
                if one.slug == other.slug and _spans_meet(one, other):
                    message = f"two versions of «{one.slug}» are law on the same days."
                    raise ContentError(message, "End the older one with `effective_until`.")

    def duty(self, entry: Mapping[str, Any]) -> Duty:
        """One version of one duty."""
        content = self.content
        self.place = f"duties.{entry.get('slug', '?')}"
        self.known(entry, _DUTY_KEYS)
        self.said(entry, "slug", "title", "recipient", "citation")
        return Duty(
            regime=content["slug"],
            slug=entry["slug"],
            title=entry["title"],
            recipient=entry["recipient"],
            citation=entry["citation"],
            source=entry.get("source", content["source"]),
            confidence=self.one_of(entry.get("confidence", content["confidence"]), _CONFIDENCE),
            checked_on=entry.get("checked_on", content["checked_on"]),
            variant=entry.get("variant", ""),
            variant_when=self.condition(entry, "variant_when"),
            when=self.condition(entry, "when"),
            places=PlaceRule(entry.get("places", "none")),
            places_from=entry.get("places_from", "people"),
            always_owed=entry.get("always_owed", False),
            order=tuple((each["relation"], each["to"]) for each in entry.get("order", ())),
            content=tuple(self.element(each, entry["citation"]) for each in entry.get("content", ())),
            forbidden=tuple(self.element(each, entry["citation"]) for each in entry.get("forbidden", ())),
            notice_templates=tuple(entry.get("notice_templates", ())),
            note=entry.get("note", ""),
            **self.timing(entry),
        )

    def timing(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """What decides dates: start, period, limits, holds, calendar, and the days on which this version is law."""
        content = self.content
        period, follows = self.period(entry["period"])
        begun, ended = self.day(entry.get("effective_from")), self.day(entry.get("effective_until"))
        if begun is not None and ended is not None and ended < begun:
            raise ContentError("`effective_until` is before `effective_from`.", "Mend the dates.")
        return {
            "start": self.start(entry["starts"]),
            "period": period,
            "follows": follows,
            "status": LawStatus(entry.get("status", "in_force")),
            "effective_from": begun,
            "effective_until": ended,
            "cap": self.limit(entry.get("cap")),
            "not_before": self.limit(entry.get("not_before")),
            "hold": self.hold(entry.get("hold", content.get("hold", {"policy": "none"}))),
            "readings": tuple(entry.get("readings", content.get("readings", ()))),
            "calendar": entry.get("calendar", content.get("calendar", "")),
            "closing": self.clock(entry.get("closing")),
            "zone": entry.get("zone", ""),
            "law_day": self.event(entry["law_day"]) if "law_day" in entry else "",
            "first_day": entry.get("first_day", 0),
            "relief_when": self.condition(entry, "relief_when"),
        }

    def period(self, text: str) -> tuple[Period | None, bool]:
        """The period, and whether the duty follows another one's date."""
        if text in ("undated", "with"):
            return None, text == "with"
        return parse_period(text, where="period"), False

    def start(self, text: str) -> Start:
        """From when the clock runs."""
        if text == "none":
            return Start()
        if text == "hold":
            return Start(hold_end=True)
        relation, colon, of = text.partition(":")
        if colon:
            return Start(relation=Relation(relation), of=of)
        events = tuple(part.strip() for part in text.replace("&", "|").split("|"))
        for event in events:
            if event != "knowledge":
                self.event(event)
        return Start(
            events=tuple(event for event in events if event != "knowledge"),
            latest="&" in text,
            knowledge="knowledge" in events,
        )

    def event(self, name: str) -> str:
        """An event of the vocabulary."""
        self.vocabulary.kind(f"at.{name}")
        return name

    def condition(self, entry: Mapping[str, Any], key: str) -> Condition | None:
        """The condition under a key, if there is one."""
        if key not in entry:
            return None
        held = entry[key]
        return self.combined([held] if isinstance(held, str) else list(held), key)

    def combined(self, sentences: list[str], where: str) -> Condition:
        """All of the sentences; a name (`$owed`) stands for the same condition wherever it is used."""
        parts = [
            self.named_condition(each, where) if each.startswith("$") else self.sentence(each, where) for each in sentences
        ]
        return conjunction(parts, where=where)

    def named_condition(self, name: str, where: str) -> Condition:
        """The condition that a name stands for."""
        if name in self.named:
            return self.named[name]
        table = self.content.get("conditions", {})
        if name[1:] not in table:
            hint = f"Did you mean {nearest(name[1:], table)}?"
            raise ContentError(f"{where}: there is no condition named «{name}».", hint)
        held = table[name[1:]]
        sentences = [held] if isinstance(held, str) else list(held)
        if name in sentences:
            raise ContentError(f"conditions.{name[1:]}: it stands on itself.", "Spell it out.")
        self.named[name] = self.combined(sentences, f"conditions.{name[1:]}")
        return self.named[name]

    def sentence(self, text: str, where: str) -> Condition:
        """One sentence, checked against the vocabulary."""
        condition = parse_condition(text, where=where)
        for test in tests_of(condition):
            self.check(test, where)
        return condition

    def check(self, test: FactTest, where: str) -> None:
        """Every fact, token, value and place a test names must exist: a mistyped one would silently never hold."""
        kind = self.vocabulary.kind(test.key) if test.key not in ("filed",) else None
        known = tuple(token for token, _ in kind.choices) if kind is not None else ()
        if kind is not None and kind.type is FactType.FLAG:
            known = ("true", "false")
        for value in test.values:
            if known and value not in known and value != "any":
                raise ContentError(f"{where}: «{value}» is not known for {test.key}.", f"Did you mean {nearest(value, known)}?")
            if not known and kind is not None and kind.type is FactType.PLACES and canonical_place(value) is None:
                raise ContentError(f"{where}: «{value}» is not a place.", f"Did you mean {nearest_place(value)}?")
        for place in test.places:
            if canonical_place(place) is None and place != "EEA":
                raise ContentError(f"{where}: «{place}» is not a place.", f"Did you mean {nearest_place(place)}?")

    def limit(self, entry: Mapping[str, Any] | None) -> Limit | None:
        """A second limit or an embargo."""
        if entry is None:
            return None
        period = parse_period(entry["period"], where="period")
        return Limit(self.start(entry["starts"]), period, entry.get("lapses_if_later", False))

    def hold(self, entry: Mapping[str, Any]) -> HoldRule:
        """What a hold does."""
        after = entry.get("after")
        return HoldRule(
            policy=HoldPolicy(entry["policy"]),
            after=parse_period(after, where="hold") if after else None,
            only_if_passed=entry.get("only_if_passed", False),
            oral_days=entry.get("oral_days"),
            kinds=tuple(entry.get("kinds", ("law_enforcement",))),
            forms=tuple(self.one_of(each, ("written", "oral")) for each in entry.get("forms", ("written", "oral"))),
        )

    def element(self, entry: Mapping[str, Any], citation: str) -> Element:
        """Something a notice must contain, or must leave out."""
        for key in entry.get("facts", ()):
            if not key.startswith("organisation."):
                self.vocabulary.kind(key)
        return Element(
            id=entry["id"],
            text=entry["text"],
            citation=entry.get("citation", citation),
            facts=tuple(entry.get("facts", ())),
            may_follow=entry.get("may_follow", False),
            when=self.condition(entry, "when"),
            when_late=entry.get("when_late", False),
        )

    def day(self, value: object) -> date | None:
        """A date."""
        if value is not None and not isinstance(value, date):
            raise ContentError(f"«{value}» is not a date.", "Write 2026-11-23 without quotes.")
        return value

    def clock(self, value: object) -> time | None:
        """A time of day."""
        if value is not None and not isinstance(value, time):
            raise ContentError(f"«{value}» is not a time of day.", "Write 17:30:00 without quotes.")
        return value


def _spans_meet(one: Duty, other: Duty) -> bool:
    begun = max(one.effective_from or date.min, other.effective_from or date.min)
    ended = min(one.effective_until or date.max, other.effective_until or date.max)
    return begun <= ended
