"""A notice as a form: which of its fields are asked, what a kind of notice says by itself, how long an answer may be."""

from collections.abc import Mapping, Sequence

from incident.domain.form_condition import read_condition
from incident.domain.notice import LengthUnit, NoticeField, NoticeKind, NoticeTemplate

ELSE = "*"
"""In `takes`: whatever else was said."""


def asked_fields(
    fields: Sequence[NoticeField], answers: Mapping[str, object], facts: Mapping[str, object], kind: NoticeKind
) -> frozenset[str]:
    """The keys of the fields that the form asks for these answers.

    A condition that is open hides its field while it waits for another answer of the form, and shows it while it waits for
    a fact. An answer in a field that is not asked counts for none of the fields after it.
    """
    known: dict[str, object] = {**facts, **answers, "kind": kind.value}
    asked: set[str] = set()
    for field in fields:
        if _is_asked(field, known, kind):
            asked.add(field.key)
        else:
            known[field.key] = None
    return frozenset(asked)


def _is_asked(field: NoticeField, known: Mapping[str, object], kind: NoticeKind) -> bool:
    if field.applies and kind not in field.applies:
        return False
    if not field.visible_if:
        return True
    condition = read_condition(field.visible_if)
    holds = condition.holds(known)
    return condition.waits_for_facts(known) if holds is None else holds


def fact_names(template: NoticeTemplate) -> frozenset[str]:
    """The facts and other sources that the template's conditions name."""
    conditions = (read_condition(each.visible_if) for each in template.fields if each.visible_if)
    return frozenset(name for condition in conditions for name in condition.names if "." in name)


def taken(field: NoticeField, value: object) -> object:
    """A source's value in the form's own answers: `takes` says which token of the form stands for which of the fact."""
    if not field.takes or value is None:
        return value
    said = value if isinstance(value, list) else [value]
    words = ["true" if each is True else "false" if each is False else str(each) for each in said]
    found = [field.takes.get(each, field.takes.get(ELSE, "")) for each in words]
    tokens = [each for each in dict.fromkeys(found) if each]
    if isinstance(value, list):
        return tokens or None
    return tokens[0] if tokens else None


def said_by_kind(template: NoticeTemplate, kind: NoticeKind, *, follows: bool, reference: str) -> dict[str, object]:
    """What the kind of notice answers by itself: new or follow-up, complete or not, the recipient's earlier reference."""
    sources = {
        "notice.report": "follow_up" if follows or kind in (NoticeKind.SUPPLEMENTARY, NoticeKind.WITHDRAWAL) else "new",
        "notice.kind": kind.value,
        "notice.earlier_reference": reference or None,
    }
    return {each.key: taken(each, sources[each.source]) for each in template.fields if each.source in sources}


def kind_contradicts(field: NoticeField, chosen: object, kind: NoticeKind) -> bool:
    """Whether an answer that follows from the kind of notice was chosen as if it were another kind."""
    if field.source != "notice.kind":
        return False
    follows = taken(field, kind.value)
    return follows is not None and chosen != follows


def length_of(text: str, unit: LengthUnit) -> int:
    """The length of an answer in the recipient's own count; a line break is one character."""
    match unit:
        case LengthUnit.BYTES:
            return len(text.encode())
        case LengthUnit.WORDS:
            return len(text.split())
        case LengthUnit.UTF16:
            return len(text.encode("utf-16-le")) // 2
        case _:
            return len(text)


def is_unsettled(field: NoticeField, value: object) -> bool:
    """Whether the answer only says that the answer is still open («to be determined»)."""
    said = value if isinstance(value, list) else [value]
    return bool(field.unsettled) and bool(said) and all(each in field.unsettled for each in said)
