"""What of the clocks goes out to whom: the answer of the law without the workings that are ours alone.

A regulator gets each duty with its dates and what it rests on, without our open questions and without the readings on which
lawyers differ; a customer gets what is owed and until when; the public gets what was discharged.
"""

from collections.abc import Mapping, Sequence

from incident.domain.obligation import ObligationState
from incident.domain.profile import Profile

_OURS = frozenset({"missing", "readings", "earliest", "why", "projected", "content", "forbidden", "notice_templates", "note"})
_TOLD = frozenset({"id", "state", "title", "recipient", "due", "due_local", "zone", "citation"})
_OWED = frozenset({ObligationState.DUE, ObligationState.UNDATED, ObligationState.SATISFIED})


def clocks_for(document: Mapping[str, object], profile: Profile) -> dict[str, object]:
    """The document of an assessment as this reader gets it."""
    if profile is Profile.PRIVILEGED:
        return dict(document)
    rows = document["obligations"]
    kept = [_row(each, profile) for each in rows if _is_told(each, profile)] if isinstance(rows, Sequence) else []
    if profile is Profile.REGULATOR:
        return {**document, "obligations": kept}
    return {"assessed_at": document["assessed_at"], "obligations": kept}


def _is_told(row: Mapping[str, object], profile: Profile) -> bool:
    if profile is Profile.REGULATOR:
        return True
    state = ObligationState(str(row["state"]))
    return state is ObligationState.SATISFIED if profile is Profile.PUBLIC else state in _OWED


def _row(row: Mapping[str, object], profile: Profile) -> dict[str, object]:
    if profile is Profile.REGULATOR:
        return {key: value for key, value in row.items() if key not in _OURS}
    return {key: value for key, value in row.items() if key in _TOLD}
