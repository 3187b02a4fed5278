"""Rows with sealed fields: what is written goes into one sealed value per row, what is read comes out of it.

The fields keep their columns, which stay blank on disk; a database made before incidents had keys still shows what
stands in them until it is sealed. Without the key a row shows its clear columns and refuses to be written.
"""

import json
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Dialect, LargeBinary, event
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session
from sqlmodel.sql.sqltypes import AutoString

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store.record import JsonText, Record
from incident.store.seals import Finder, KeyName, Seals, name_of, refuse_stranger, seal, unseal

HIDDEN = "(sealed)"
"""What a text field shows to somebody who does not hold the key."""


class SealedText(TypeDecorator[str]):
    """A text whose column is always written blank."""

    impl = AutoString
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Blank: the text stands in the row's sealed value."""
        del value, dialect
        return ""


class SealedJson(JsonText):
    """A JSON value whose column is always written `null`."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Null: the value stands in the row's sealed value; it must be JSON all the same."""
        del dialect
        json.dumps(value, allow_nan=False)
        return "null"


class SealedBytes(TypeDecorator[bytes]):
    """Bytes whose column is always written empty."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:
        """Nothing: the bytes stand in the row's sealed value."""
        del value, dialect
        return b""


def sealed_text() -> Column[Any]:
    """A column for a sealed text."""
    return Column(SealedText(), nullable=False)


def sealed_json() -> Column[Any]:
    """A column for a sealed JSON value."""
    return Column(SealedJson(), nullable=False)


def sealed_bytes() -> Column[Any]:
    """A column for sealed bytes."""
    return Column(SealedBytes(), nullable=False)


class Sealed(Record):
    """The base of tables with sealed fields; `SEALED` names them."""

    SEALED: ClassVar[tuple[str, ...]] = ()

    sealed: bytes = Field(default=b"")

    @property
    def bound(self) -> str:
        """What the sealed value is bound to."""
        return f"{self.__tablename__}|{self.id}"

    @property
    def hidden(self) -> bool:
        """Whether this row is sealed and the reader does not hold its key."""
        return bool(self.__dict__.get("_hidden"))

    @property
    def circle(self) -> Circle:
        """Who may read this row: counsel's circle where a column or the caller says so, else whose key sealed it."""
        if getattr(self, "privileged", False) or self.__dict__.get("_for_counsel"):
            return Circle.COUNSEL
        return name_of(self.sealed).circle if self.sealed else Circle.TEAM

    def keep_for_counsel(self) -> None:
        """Have a new row sealed for counsel's circle; no column says so to whoever may not know."""
        self.__dict__["_for_counsel"] = True


def close_row(row: Sealed, session: Session, incident_id: UUID | None) -> None:
    """Seal a row that is about to be written, under the newest key of its incident and circle."""
    owner = _incident_of(row) or incident_id
    if owner is None:
        raise StoreError(f"A row of {row.__tablename__} belongs to no incident.", "Nothing was changed; report this.")
    seals, find = _ours(session)
    held = seals.newest(owner, row.circle, find) if not row.hidden else None
    if held is None:
        raise refuse_stranger("This incident" if row.circle is Circle.TEAM else "This passage")
    name, key = held
    row.sealed = seal(name, key, {field: getattr(row, field) for field in row.SEALED}, row.bound)


def _incident_of(row: Sealed) -> UUID | None:
    held = row.id if row.__tablename__ == "incident" else getattr(row, "incident_id", None)
    return held if isinstance(held, UUID) else None


def _ours(session: Any) -> tuple[Seals, Finder]:
    seals, find = session.info["seals"], session.info["find"]
    return seals, lambda name, incident_id, circle: find(session, name, incident_id, circle)


@event.listens_for(Sealed, "load", propagate=True)
def _opened(row: Sealed, context: Any) -> None:
    """Put the sealed fields in their places as they were written."""
    if not row.sealed or "seals" not in context.session.info:
        return
    name: KeyName = name_of(row.sealed)
    seals, find = _ours(context.session)
    key = seals.key(name, find)
    values = unseal(key, row.sealed, row.bound) if key is not None else {}
    if key is None:
        row.__dict__["_hidden"] = True
    for field in row.SEALED:
        set_committed_value(row, field, values.get(field, HIDDEN if _is_text(row, field) else None))


@event.listens_for(Sealed, "refresh", propagate=True)
def _opened_again(row: Sealed, context: Any, attrs: Any) -> None:
    del attrs
    _opened(row, context)


def _is_text(row: Sealed, field: str) -> bool:
    return isinstance(row.__table__.c[field].type, SealedText)  # type: ignore[attr-defined]
