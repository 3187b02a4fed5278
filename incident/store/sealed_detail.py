"""What an entry of the journal says about an incident, sealed for its members: steps, facts, numbers, roles.

The entry's act, time, author and rows stay clear: an auditor needs them, and they are what the chain is checked by. The
detail is sealed under the incident's key like its rows, so that a deletion for good makes it unreadable too.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store.seals import name_of, seal, unseal

_CLEAR = frozenset({"incident.purge"})
"""Read again when the incident's keys are gone: a purged reference is not used twice."""
_SEALED = "sealed"


def sealed_detail(session: Any, incident_id: UUID | None, act: str, detail: Mapping[str, object]) -> Mapping[str, object]:
    """The detail as the journal keeps it; clear for what belongs to no incident, or to one whose key is not ours."""
    if not detail or incident_id is None or act in _CLEAR:
        return detail
    seals, find = session.info["seals"], session.info["find"]
    held = seals.newest(incident_id, Circle.TEAM, lambda *asked: find(session, *asked))
    if held is None:
        return detail
    name, key = held
    return {_SEALED: b64encode(seal(name, key, detail, _bound(act))).decode()}


def opened_detail(session: Any, act: str, detail: Mapping[str, object]) -> Mapping[str, object]:
    """The detail as it was written; as it is kept, for somebody who does not hold the key or once the key is gone."""
    kept = detail.get(_SEALED)
    if not isinstance(kept, str) or len(detail) != 1:
        return detail
    seals, find = session.info["seals"], session.info["find"]
    try:
        raw = b64decode(kept, validate=True)
        key = seals.key(name_of(raw), lambda *asked: find(session, *asked))
        return unseal(key, raw, _bound(act)) if key is not None else detail
    except (ValueError, StoreError):
        return detail


def _bound(act: str) -> str:
    return f"journal|{act}"
