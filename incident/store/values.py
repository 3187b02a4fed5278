"""Between rows and frozen values: equal field names, so the conversion is one line each way."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_origin

from incident.store.record import Record

T = TypeVar("T")


def value_of(kind: type[T], row: Record) -> T:
    """The frozen value of a row: fields taken by name, lists made tuples where the value wants them."""
    taken: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]
        value = getattr(row, each.name)
        wants_tuple = get_origin(each.type) is tuple or str(each.type).startswith("tuple")
        taken[each.name] = tuple(value) if wants_tuple and value is not None else value
    return kind(**taken)


def stored(value: Any, **changed: object) -> Mapping[str, object]:
    """The fields of a frozen value as keyword arguments for its row, some replaced."""
    taken = {each.name: getattr(value, each.name) for each in fields(value)}
    return taken | changed
