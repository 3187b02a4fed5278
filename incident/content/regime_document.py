"""One body of law from its document: every key known, every fact, token, place and period checked by name."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from incident.content import regime_keys as keys
from incident.content.regime_conditions import ConditionReader
from incident.domain.condition import Condition
from incident.domain.counting import Period, Unit, parse_period
from incident.domain.fact_value import HOLD_KINDS, KNOWERS
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
from incident.domain.vocabulary import FactType, Vocabulary
from incident.errors import ContentError, shown

_MOST_DUTIES = 500
_CONFIDENCE = ("high", "medium", "low")
_CALENDARS = ("", "weekdays", "US-federal", "EDGAR", "@place", "@home")


class RegimeReader:
    """Reads one document; `place` is the key being read, for the message."""

    def __init__(self, file: str, content: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.file, self.content, self.vocabulary, self.place = file, content, vocabulary, "the file"
        self.conditions = ConditionReader({}, vocabulary)

    def regime(self) -> Regime:
        """The regime; raises ContentError at `place`."""
        content = keys.checked(self.content, keys.REGIME, keys.REGIME_NEEDS)
        named = keys.checked(content.get("conditions", {}), dict.fromkeys(content.get("conditions", {}), keys.SENTENCES))
        self.conditions = ConditionReader(named, self.vocabulary)
        self.known_place(content["place"])
        if content["recheck_by"] < content["checked_on"]:
            raise ContentError("`recheck_by` is before `checked_on`.", "Mend the dates.")
        imputed = tuple(self.one_of(each, KNOWERS) for each in content.get("imputed", ()))
        retention = tuple(
            Retention(**keys.checked(each, keys.RETENTION, tuple(keys.RETENTION), where="retention"))
            for each in content.get("retention", ())
        )
        duties = tuple(self.duty(entry) for entry in content["duties"])
        self.place = "duties"
        if not 0 < len(duties) <= _MOST_DUTIES:
            raise ContentError(f"there are {len(duties)} of them.", f"A regime has 1 to {_MOST_DUTIES} duties.")
        self.no_overlap(duties)
        return Regime(
            **{key: content[key] for key in ("slug", "title", "short", "place", "citation", "source")},
            checked_on=content["checked_on"],
            recheck_by=content["recheck_by"],
            confidence=self.one_of(content["confidence"], _CONFIDENCE),
            duties=duties,
            imputed=frozenset(imputed),
            retention=retention,
            examples=tuple(content.get("examples", ())),
            notes=tuple(content.get("notes", ())),
        )

    def one_of(self, value: str, known: tuple[str, ...]) -> str:
        """The value, if it is one of the known words."""
        if value not in known:
            words = ", ".join(each or "nothing" for each in known)
            raise ContentError(f"«{shown(value, longest=60)}» is not known here.", f"Write one of {words}.")
        return value

    def known_place(self, place: str) -> None:
        """Refuse a place that does not exist; a contract has none."""
        if place not in ("", "EEA") and canonical_place(place) != place:
            raise ContentError(f"place: «{shown(place, longest=60)}» is not a place.", f"Did you mean {nearest_place(place)}?")

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
        self.place = f"duties.{shown(str(entry.get('slug', '?')), longest=60)}"
        keys.checked(entry, keys.DUTY, keys.DUTY_NEEDS)
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
            places=PlaceRule(self.one_of(entry.get("places", "none"), tuple(each.value for each in PlaceRule))),
            places_from=self.list_of_places(entry.get("places_from", "people")),
            always_owed=entry.get("always_owed", False),
            order=tuple(self.ordered(each) for each in entry.get("order", ())),
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
        begun, ended = entry.get("effective_from"), entry.get("effective_until")
        status = LawStatus(self.one_of(entry.get("status", "in_force"), tuple(each.value for each in LawStatus)))
        self.in_time(status, begun, ended)
        calendar = entry.get("calendar", content.get("calendar", ""))
        if canonical_place(calendar) is None:
            self.one_of(calendar, _CALENDARS)
        readings = entry.get("readings", content.get("readings", ()))
        return {
            "start": self.start(entry["starts"]),
            "period": period,
            "follows": follows,
            "status": status,
            "effective_from": begun,
            "effective_until": ended,
            "cap": self.limit(entry, "cap"),
            "not_before": self.limit(entry, "not_before"),
            "hold": self.hold(entry.get("hold", content.get("hold", {"policy": "none"}))),
            "readings": tuple(self.one_of(each, keys.READINGS) for each in readings),
            "calendar": calendar,
            "closing": entry.get("closing"),
            "zone": self.zone(entry.get("zone", "")),
            "law_day": self.event(entry["law_day"]) if "law_day" in entry else "",
            "first_day": entry.get("first_day", 0),
            "relief_when": self.condition(entry, "relief_when"),
        }

    def period(self, text: str) -> tuple[Period | None, bool]:
        """The period, and whether the duty follows another one's date."""
        if text in ("undated", "with"):
            return None, text == "with"
        period = parse_period(text, where="period")
        if period.amount == 0 and period.unit is not Unit.YEAR_END:
            raise ContentError(f"period: «{text}» is no time at all.", "Write `undated` for what is owed at once.")
        return period, False

    def in_time(self, status: LawStatus, begun: date | None, ended: date | None) -> None:
        """Refuse dates that contradict one another, and law of another time that does not say of which."""
        if begun is not None and ended is not None and ended < begun:
            raise ContentError("`effective_until` is before `effective_from`.", "Mend the dates.")
        needs = ((LawStatus.FUTURE, "effective_from", begun), (LawStatus.SUPERSEDED, "effective_until", ended))
        for wanted, key, value in needs:
            if status is wanted and value is None:
                message = f"a duty that is `{status.value}` needs `{key}`; without it, it would be law today."
                raise ContentError(message, "Add the date, or write `proposed`.")

    def zone(self, name: str) -> str:
        """An IANA zone, or none."""
        try:
            return str(ZoneInfo(name)) if name else ""
        except (OSError, ValueError, KeyError) as error:
            raise ContentError(f"zone: «{shown(name, longest=60)}» is not an IANA time zone.", "Mend the name.") from error

    def list_of_places(self, key: str) -> str:
        """The fact whose places a duty falls due in."""
        if key != "people" and self.vocabulary.kind(key).type is not FactType.PLACES:
            raise ContentError(f"places_from: «{key}» is not a list of places.", "Name a fact of that type.")
        return key

    def ordered(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Which recipient hears first."""
        held = keys.checked(entry, keys.ORDER, tuple(keys.ORDER), where="order")
        return self.one_of(held["relation"], keys.RELATIONS), held["to"]

    def start(self, text: str) -> Start:
        """From when the clock runs."""
        if text == "none":
            return Start()
        if text == "hold":
            return Start(hold_end=True)
        relation, colon, of = text.partition(":")
        if colon:
            known = tuple(each.value for each in Relation)
            return Start(relation=Relation(self.one_of(relation, known)), of=of)
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
        return self.conditions.combined(entry[key], key) if key in entry else None

    def limit(self, entry: Mapping[str, Any], key: str) -> Limit | None:
        """A second limit or an embargo."""
        if key not in entry:
            return None
        held = keys.checked(entry[key], keys.LIMIT, ("starts", "period"), where=key)
        period = parse_period(held["period"], where=f"{key}.period")
        return Limit(self.start(held["starts"]), period, held.get("lapses_if_later", False))

    def hold(self, entry: Mapping[str, Any]) -> HoldRule:
        """What a hold does."""
        held = keys.checked(entry, keys.HOLD, ("policy",), where="hold")
        after = held.get("after")
        return HoldRule(
            policy=HoldPolicy(self.one_of(held["policy"], tuple(each.value for each in HoldPolicy))),
            after=parse_period(after, where="hold.after") if after else None,
            only_if_passed=held.get("only_if_passed", False),
            oral_days=held.get("oral_days"),
            kinds=tuple(self.one_of(each, HOLD_KINDS) for each in held.get("kinds", ("law_enforcement",))),
            forms=tuple(self.one_of(each, ("written", "oral")) for each in held.get("forms", ("written", "oral"))),
        )

    def element(self, entry: Mapping[str, Any], citation: str) -> Element:
        """Something a notice must contain, or must leave out."""
        keys.checked(entry, keys.ELEMENT, ("id", "text"), where="content")
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


def _spans_meet(one: Duty, other: Duty) -> bool:
    begun = max(one.effective_from or date.min, other.effective_from or date.min)
    ended = min(one.effective_until or date.max, other.effective_until or date.max)
    return begun <= ended
