"""Facts: the only input of the law. Absent means unknown, never «no».

Values are immutable and already checked (`facts_document` does that). A list that is given is complete unless
its key stands in `partial`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Final


class Unknown(Enum):
    """The type of UNKNOWN, a value of its own: nobody has said."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refused: asking whether the unknown is true is the mistake this type exists to prevent."""
        raise TypeError("an unknown fact is neither true nor false")


UNKNOWN: Final = Unknown.UNKNOWN

When = datetime | date
"""An aware instant, or a date that stands for the whole local day."""


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """Affected persons living in one place; no count means at least one."""

    place: str
    count: int | None = None
    estimated: bool = False
    unreachable: int | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Who knew when, for regimes that impute knowledge."""

    by: str
    at: When


@dataclass(frozen=True, slots=True)
class Hold:
    """A statement that telling must wait: of law enforcement, or an Attorney General's determination."""

    kind: str
    form: str
    stated: When | None = None
    until: When | None = None
    scope: tuple[str, ...] = ()
    """Regimes or obligation ids it covers; empty: all that allow a hold."""


@dataclass(frozen=True, slots=True)
class Filed:
    """That a duty was discharged: what, when, to whom."""

    obligation: str
    at: datetime
    to: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, under the contract's flat keys (`at.aware`, `people`)."""

    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    partial: frozenset[str] = frozenset()
    counted: dict[tuple[str, bool], tuple[int, int | None] | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """Head counts already added up, by place: hundreds of duties ask for the same ones."""

    def get(self, key: str) -> object:
        """The value under this key, or UNKNOWN."""
        return self.values.get(key, UNKNOWN)

    def known(self, key: str) -> bool:
        """Whether anybody has said."""
        return key in self.values

    def moment(self, event: str) -> When | None:
        """When an event happened, or None while that is unknown."""
        value = self.values.get(f"at.{event}")
        return value if isinstance(value, date) else None

    @property
    def people(self) -> tuple[PeopleRow, ...] | None:
        """The rows of affected people; None while nobody has said."""
        value = self.values.get("people")
        return value if isinstance(value, tuple) else None

    def rows(self, key: str) -> tuple[object, ...]:
        """The rows of a list, none while unknown."""
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()

    def tokens(self, key: str) -> frozenset[str] | None:
        """The tokens of a list; None while unknown. The number of an account with its code includes the number."""
        value = self.values.get(key)
        if not isinstance(value, frozenset):
            return None
        if "financial_account_with_code" in value:
            return value | {"financial_account"}
        return value

    @property
    def zone(self) -> str | None:
        """The organisation's IANA zone; None while unknown."""
        value = self.values.get("organisation.timezone")
        return value if isinstance(value, str) else None

    def filed(self, obligation: str) -> tuple[Filed, ...]:
        """The filings of one obligation, the first one first."""
        if "filed" not in self.values:
            return ()
        rows = [each for each in self.rows("filed") if isinstance(each, Filed) and each.obligation == obligation]
        return tuple(sorted(rows, key=lambda each: each.at))
