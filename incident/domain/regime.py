"""A regime: a body of law as data — its duties, when each is owed, from when and how long it runs.

Regimes are read from `incident/regimes/<place>/<law>.toml`; what they mean in time is `reckoning`, what they
demand of a set of facts is `assessment`. Old law is closed with a date and stays; proposed law never applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from incident.domain.condition import Condition
from incident.domain.counting import Period


class LawStatus(StrEnum):
    """Whether a provision applies, by its own dates."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    PROPOSED = "proposed"
    SUPERSEDED = "superseded"


class PlaceRule(StrEnum):
    """In which places a duty falls due separately."""

    NONE = "none"
    STATE = "state"
    """Once per State or jurisdiction of the United States in which affected people live."""
    LEAD_AUTHORITY = "lead_authority"
    """The lead authority, else that of the only EEA establishment; without one, each state of affected people."""
    MEMBER_STATE = "member_state"
    """Once per EEA state named by the fact in `places_from`."""
    DOMICILE = "domicile"
    """Once per State of the United States in which the organisation is established."""


class Relation(StrEnum):
    """How a clock hangs on another obligation."""

    FILED = "filed"
    FILED_LAST = "filed-last"
    WITH = "with"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Start:
    """From when a clock runs: events of `at`, imputed knowledge, another obligation, the end of a hold, or nothing."""

    events: tuple[str, ...] = ()
    latest: bool = False
    """False: the earliest known event counts; True: the latest, and all are needed."""
    knowledge: bool = False
    relation: Relation | None = None
    of: str = ""
    hold_end: bool = False

    @property
    def is_none(self) -> bool:
        """No event starts this clock."""
        return not (self.events or self.knowledge or self.relation or self.hold_end)


class HoldPolicy(StrEnum):
    """What a hold does to a deadline."""

    NONE = "none"
    LATER_OF = "later_of"
    AFTER = "after"
    """A period of its own runs from the end of the hold."""


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Whether law enforcement (or whom the regime names) may have telling wait, and for how long."""

    policy: HoldPolicy = HoldPolicy.NONE
    after: Period | None = None
    only_if_passed: bool = False
    oral_days: int | None = None
    """How long an oral statement holds at most; None: an oral statement holds like a written one."""
    kinds: tuple[str, ...] = ("law_enforcement",)
    forms: tuple[str, ...] = ("written", "oral")
    """The forms that the rule heeds (the Attorney General's determination is in writing)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A start and a period: a second limit (the earlier counts), or an embargo that must pass first."""

    start: Start
    period: Period
    lapses_if_later: bool = False
    """The limit falls away when the main clock started after it had ended (DORA, late classification)."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something the notice must contain, and the facts that supply it."""

    id: str
    text: str
    citation: str
    facts: tuple[str, ...]
    may_follow: bool = False
    when: Condition | None = None
    """Only then is it asked (credit bureaus where a social security number is involved)."""
    when_late: bool = False
    """Asked only once the limit has passed (the reasons for delay)."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing a regime demands, in one version of the law."""

    regime: str
    slug: str
    title: str
    recipient: str
    citation: str
    source: str
    confidence: str
    checked_on: date
    start: Start
    period: Period | None
    """None: owed without a number (`undated`), or follows the obligation of its start (`follows`)."""
    follows: bool = False
    variant: str = ""
    variant_when: Condition | None = None
    when: Condition | None = None
    places: PlaceRule = PlaceRule.NONE
    places_from: str = "people"
    status: LawStatus = LawStatus.IN_FORCE
    effective_from: date | None = None
    effective_until: date | None = None
    cap: Limit | None = None
    not_before: Limit | None = None
    hold: HoldRule = HoldRule()
    readings: tuple[str, ...] = ()
    calendar: str = ""
    closing: time | None = None
    zone: str = ""
    law_day: str = ""
    """The event whose day chooses the version of the law, where that is not the one that starts the clock."""
    first_day: int = 0
    relief_when: Condition | None = None
    always_owed: bool = False
    """Owed even while its event has not happened (a record of every incident)."""
    order: tuple[tuple[str, str], ...] = ()
    content: tuple[Element, ...] = ()
    forbidden: tuple[Element, ...] = ()
    """What the notice must leave out (Massachusetts: the nature of the breach)."""
    notice_templates: tuple[str, ...] = ()
    note: str = ""

    @property
    def id(self) -> str:
        """`<regime>/<duty>`."""
        return f"{self.regime}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something must be kept: information, never a due date."""

    duty: str
    what: str
    period: str
    starts: str
    citation: str


@dataclass(frozen=True, slots=True)
class Regime:
    """A body of law with all its duties, old versions included."""

    slug: str
    title: str
    short: str
    place: str
    citation: str
    source: str
    checked_on: date
    recheck_by: date
    confidence: str
    duties: tuple[Duty, ...]
    imputed: frozenset[str] = frozenset()
    retention: tuple[Retention, ...] = ()
    examples: tuple[Mapping[str, object], ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = ()
    versions: Mapping[str, tuple[Duty, ...]] = field(init=False, compare=False, repr=False)
    """Every version of each duty by slug, in the file's order; variants before the plain rule."""

    def __post_init__(self) -> None:
        """Group the versions once."""
        found: dict[str, list[Duty]] = {}
        for each in self.duties:
            found.setdefault(each.slug, []).append(each)
        versions = {slug: tuple(sorted(held, key=lambda each: each.variant_when is None)) for slug, held in found.items()}
        object.__setattr__(self, "versions", versions)

    @property
    def applying(self) -> tuple[Duty, ...]:
        """The duties that are or were law, without what is only proposed."""
        return tuple(each for each in self.duties if each.status is not LawStatus.PROPOSED)
