"""What every table has: a UUID key, a version, who and when, and the salt of its journal commitment."""

import json
from datetime import datetime
from enum import Enum as PythonEnum
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Dialect, Enum, Text
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class JsonText(TypeDecorator[Any]):
    """JSON stored as canonical text; reading gives a fresh copy, so a change in place cannot be half saved."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Canonical JSON: sorted keys, no spaces, no NaN."""
        del dialect
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """A fresh value each time."""
        del dialect
        return None if value is None else json.loads(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        """Equal as JSON."""
        return bool(x == y)


def json_column() -> Column[Any]:
    """A column that holds one JSON value."""
    return Column(JsonText(), nullable=False)


def enum_column(kind: type[PythonEnum]) -> Column[Any]:
    """A checked string column: an unknown value is refused when it is written, on both engines."""
    stored = Enum(
        kind,
        values_callable=lambda members: [each.value for each in members],
        native_enum=False,
        validate_strings=True,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
    )
    return Column(stored, nullable=False)


class Record(SQLModel):
    """The base of every table. `salt` makes the journal's commitment to a row say nothing about its content."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    version: int = Field(default=1)
    created_at: datetime | None = None
    created_by: UUID | None = None
    updated_at: datetime | None = None
    updated_by: UUID | None = None
    salt: bytes = Field(default_factory=lambda: token_bytes(16))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Refuse to overwrite a row that somebody else changed since it was read."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]
