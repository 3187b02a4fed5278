"""A regime as the document its file holds: what `regimes show --json` prints reads back as the same regime."""

from typing import Any

from incident.domain.condition import All, Condition, as_sentence
from incident.domain.regime import Duty, Element, HoldPolicy, HoldRule, Limit, Regime, Start

_TEXTS = ("slug", "title", "short", "place", "citation", "source", "checked_on", "recheck_by", "confidence")
_DUTY_TEXTS = ("slug", "title", "recipient", "citation", "source", "confidence", "checked_on")
_DUTY_OPTIONS = (
    "variant",
    "effective_from",
    "effective_until",
    "calendar",
    "closing",
    "zone",
    "law_day",
    "first_day",
    "always_owed",
    "note",
)


def regime_document(regime: Regime) -> dict[str, Any]:
    """The regime with every name spelt out; dates stay dates. Worked examples stand in files of their own."""
    document: dict[str, Any] = {key: getattr(regime, key) for key in _TEXTS}
    document["imputed"] = sorted(regime.imputed)
    document["notes"] = list(regime.notes)
    document["duties"] = [_duty(each) for each in regime.duties]
    keys = ("duty", "what", "period", "starts", "citation")
    document["retention"] = [{key: getattr(each, key) for key in keys} for each in regime.retention]
    return {key: value for key, value in document.items() if value not in ((), [])}


def _duty(duty: Duty) -> dict[str, Any]:
    found: dict[str, Any] = {key: getattr(duty, key) for key in _DUTY_TEXTS}
    found["starts"] = start_text(duty.start)
    found["period"] = str(duty.period) if duty.period is not None else "with" if duty.follows else "undated"
    found["status"] = duty.status.value
    found["places"], found["places_from"] = duty.places.value, duty.places_from
    found |= {key: getattr(duty, key) for key in _DUTY_OPTIONS if getattr(duty, key) not in ("", None, 0, False)}
    for key in ("when", "variant_when", "relief_when"):
        if (condition := getattr(duty, key)) is not None:
            found[key] = sentences(condition)
    found |= {key: _limit(limit) for key, limit in (("cap", duty.cap), ("not_before", duty.not_before)) if limit is not None}
    found["hold"] = _hold(duty.hold)
    found["readings"], found["notice_templates"] = list(duty.readings), list(duty.notice_templates)
    found["order"] = [{"relation": relation, "to": to} for relation, to in duty.order]
    found["content"] = [_element(each) for each in duty.content]
    found["forbidden"] = [_element(each) for each in duty.forbidden]
    return {key: value for key, value in found.items() if value != []}


def sentences(condition: Condition) -> list[str]:
    """A condition as the sentences of a file, which all hold."""
    if isinstance(condition, All):
        return [as_sentence(part) for part in condition.parts]
    return [as_sentence(condition)]


def start_text(start: Start) -> str:
    """A start as a file writes it."""
    if start.relation is not None:
        return f"{start.relation.value}:{start.of}"
    if start.hold_end:
        return "hold"
    events = [*start.events, *(["knowledge"] if start.knowledge else [])]
    return ("&" if start.latest else "|").join(events) or "none"


def _limit(limit: Limit) -> dict[str, Any]:
    return {"starts": start_text(limit.start), "period": str(limit.period), "lapses_if_later": limit.lapses_if_later}


def _hold(rule: HoldRule) -> dict[str, Any]:
    found: dict[str, Any] = {"policy": rule.policy.value}
    if rule.policy is not HoldPolicy.NONE:
        found["kinds"] = list(rule.kinds)
        found["forms"] = list(rule.forms)
    if rule.after is not None:
        found["after"] = str(rule.after)
        found["only_if_passed"] = rule.only_if_passed
    if rule.oral_days is not None:
        found["oral_days"] = rule.oral_days
    return found


def _element(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"id": element.id, "text": element.text, "citation": element.citation, "facts": list(element.facts)}
    found |= {key: True for key in ("may_follow", "when_late") if getattr(element, key)}
    if element.when is not None:
        found["when"] = sentences(element.when)
    return found
