"""Reads bodies of law: `regimes/<place>/<law>.toml` → regimes and the list of what is wrong.

A regime that cannot be used is reported as such and shown as not evaluated; it never stops the program.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from incident.domain.condition import Condition, parse_condition
from incident.domain.counting import Period, parse_period
from incident.domain.problem import Problem
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
from incident.domain.vocabulary import Vocabulary, nearest
from incident.errors import ContentError

_REGIME_KEYS = frozenset(
    """slug title short place citation source checked_on recheck_by confidence imputed conditions duties retention
    examples notes hold readings calendar""".split()  # noqa: SIM905 - a table of words
)
_DUTY_KEYS = frozenset(
    """slug title recipient citation source confidence checked_on starts period variant variant_when when places
    places_from status effective_from effective_until cap not_before hold readings calendar closing zone first_day
    relief_when always_owed order content notice_templates note""".split()  # noqa: SIM905 - a table of words
)


def read_regimes(folder: Path, vocabulary: Vocabulary) -> tuple[tuple[Regime, ...], tuple[Problem, ...]]:
    """Every regime below a folder, by slug, and the files that cannot be used."""
    regimes: list[Regime] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            regimes.append(read_regime(path, vocabulary))
        except ContentError as error:
            problems.append(Problem(path.name, path.stem, error.message, error.hint))
    return tuple(regimes), tuple(problems)


def read_regime(path: Path, vocabulary: Vocabulary) -> Regime:
    """One regime; raises ContentError naming the file and the line or key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name}: this is not TOML: {error}.", "Mend the line.") from error
    reader = _RegimeReader(path.name, content, vocabulary)
    try:
        return reader.regime()
    except ContentError as error:
        if error.message.startswith(path.name):
            raise
        raise ContentError(f"{path.name}: {reader.place}: {error.message}", error.hint) from error
    except KeyError as error:
        raise ContentError(f"{path.name}: {reader.place}: {error} is missing.", "Add the key.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ContentError(f"{path.name}: {reader.place}: {error}.", "Mend the value.") from error


class _RegimeReader:
    """Reads one file; `place` is the key being read, for the message."""

    def __init__(self, file: str, content: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.file, self.content, self.vocabulary, self.place = file, content, vocabulary, "the file"
        self.named: dict[str, Any] = {}

    def regime(self) -> Regime:
        content = self.content
        self.known(content, _REGIME_KEYS)
        self.named = dict(content.get("conditions", {}))
        duties = tuple(self.duty(entry) for entry in content["duties"])
        slugs = [(each.slug, each.variant) for each in duties]
        if len(set(slugs)) != len(slugs):
            raise ContentError(f"{self.file}: duties: one is there twice.", "Give a version its own `variant`.")
        return Regime(
            slug=content["slug"],
            title=content["title"],
            short=content["short"],
            place=content["place"],
            citation=content["citation"],
            source=content["source"],
            checked_on=content["checked_on"],
            recheck_by=content["recheck_by"],
            confidence=content["confidence"],
            duties=duties,
            imputed=frozenset(content.get("imputed", ())),
            retention=tuple(Retention(**entry) for entry in content.get("retention", ())),
            examples=tuple(content.get("examples", ())),
            notes=tuple(content.get("notes", ())),
        )

    def known(self, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        for key in table:
            if key not in keys:
                message = f"{self.file}: {self.place}: «{key}» is not a key here."
                raise ContentError(message, f"Did you mean {nearest(key, keys)}?")

    def duty(self, entry: Mapping[str, Any]) -> Duty:
        content = self.content
        self.place = f"duties.{entry.get('slug', '?')}"
        self.known(entry, _DUTY_KEYS)
        period, follows = self.period(entry["period"])
        return Duty(
            regime=content["slug"],
            slug=entry["slug"],
            title=entry["title"],
            recipient=entry["recipient"],
            citation=entry["citation"],
            source=entry.get("source", content["source"]),
            confidence=entry.get("confidence", content["confidence"]),
            checked_on=entry.get("checked_on", content["checked_on"]),
            start=self.start(entry["starts"]),
            period=period,
            follows=follows,
            variant=entry.get("variant", ""),
            variant_when=self.condition(entry, "variant_when"),
            when=self.condition(entry, "when"),
            places=PlaceRule(entry.get("places", "none")),
            places_from=entry.get("places_from", "people"),
            status=LawStatus(entry.get("status", "in_force")),
            effective_from=self.day(entry.get("effective_from")),
            effective_until=self.day(entry.get("effective_until")),
            cap=self.limit(entry.get("cap")),
            not_before=self.limit(entry.get("not_before")),
            hold=self.hold(entry.get("hold", content.get("hold", {"policy": "none"}))),
            readings=tuple(entry.get("readings", content.get("readings", ()))),
            calendar=entry.get("calendar", content.get("calendar", "")),
            closing=self.clock(entry.get("closing")),
            zone=entry.get("zone", ""),
            first_day=entry.get("first_day", 0),
            relief_when=self.condition(entry, "relief_when"),
            always_owed=entry.get("always_owed", False),
            order=tuple((each["relation"], each["to"]) for each in entry.get("order", ())),
            content=tuple(self.element(each, entry["citation"]) for each in entry.get("content", ())),
            notice_templates=tuple(entry.get("notice_templates", ())),
            note=entry.get("note", ""),
        )

    def period(self, text: str) -> tuple[Period | None, bool]:
        if text in ("undated", "with"):
            return None, text == "with"
        return parse_period(text, where=f"{self.file}: {self.place}.period"), False

    def start(self, text: str) -> Start:
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
                self.vocabulary.kind(f"at.{event}")
        return Start(
            events=tuple(event for event in events if event != "knowledge"),
            latest="&" in text,
            knowledge="knowledge" in events,
        )

    def condition(self, entry: Mapping[str, Any], key: str) -> Condition | None:
        if key not in entry:
            return None
        where = f"{self.file}: {self.place}.{key}"
        sentences = [entry[key]] if isinstance(entry[key], str) else list(entry[key])
        full: list[str] = []
        for each in sentences:
            full.extend(self.spelt_out(each, where))
        return parse_condition(full, where=where)

    def spelt_out(self, sentence: str, where: str) -> list[str]:
        """A sentence, or the named conditions it stands for (`$breach`)."""
        if not sentence.startswith("$"):
            return [sentence]
        if sentence[1:] not in self.named:
            hint = f"Did you mean {nearest(sentence[1:], self.named)}?"
            raise ContentError(f"{where}: there is no condition named «{sentence}».", hint)
        held = self.named[sentence[1:]]
        inner = [held] if isinstance(held, str) else held
        return [part for each in inner for part in self.spelt_out(each, where)]

    def limit(self, entry: Mapping[str, Any] | None) -> Limit | None:
        if entry is None:
            return None
        period = parse_period(entry["period"], where=f"{self.file}: {self.place}")
        return Limit(self.start(entry["starts"]), period, entry.get("lapses_if_later", False))

    def hold(self, entry: Mapping[str, Any]) -> HoldRule:
        after = entry.get("after")
        return HoldRule(
            policy=HoldPolicy(entry["policy"]),
            after=parse_period(after, where=f"{self.file}: {self.place}.hold") if after else None,
            only_if_passed=entry.get("only_if_passed", False),
            oral_days=entry.get("oral_days"),
            kinds=tuple(entry.get("kinds", ("law_enforcement",))),
        )

    def element(self, entry: Mapping[str, Any], citation: str) -> Element:
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
        if value is not None and not isinstance(value, date):
            raise ValueError(f"{value!r} is not a date")
        return value

    def clock(self, value: object) -> time | None:
        if value is not None and not isinstance(value, time):
            raise ValueError(f"{value!r} is not a time of day")
        return value
