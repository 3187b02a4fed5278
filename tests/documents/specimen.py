"""A full incident (invented) as the fields of any notice, and the text of a page without its dress."""

import re
from html import unescape
from typing import Any

from incident.domain.notice import FieldType, NoticeField, NoticeTemplate

SAID: dict[str, str] = {
    "account.what_happened": "Access tokens of our chatbot were stolen at its vendor. Messages to our support were copied.",
    "account.likely_consequences": "Somebody could use your messages for convincing fraud.",
    "account.measures_taken": "- All access was revoked on 23 August 2026.\n- The vendor's logs were kept.",
    "account.measures_planned": "The integration stays off until it has narrow rights.",
    "account.advice": "Change every password that you sent us.\nTurn on two-step sign-in.",
    "account.people_description": "Customers who wrote to our support since May 2024.",
    "organisation.legal_name": "Nordlicht GmbH (invented)",
    "organisation.address": "Beispielstraße 12\n10115 Berlin\nGermany",
    "organisation.dpo_name": "Mira Lindqvist (invented)",
    "organisation.dpo_email": "dpo@nordlicht.example",
    "organisation.contact_phone": "1-800-555-0100",
    "organisation.contact_email": "privacy@nordlicht.example",
}
ELEMENTS = ["name", "ssn", "medical", "online_credentials"]


def specimen(template: NoticeTemplate, **other: object) -> dict[str, object]:
    """Every field answered."""
    return {each.key: _answer(each) for each in template.fields} | other


def _answer(field: NoticeField) -> Any:
    if field.source in SAID:
        return SAID[field.source]
    match field.type:
        case FieldType.NUMBER:
            return 41300
        case FieldType.MOMENT:
            return "2026-08-12T08:30:00+00:00"
        case FieldType.CHOICE:
            return field.choices[0][0]
        case FieldType.CHOICES:
            return [token for token, _ in field.choices[:2]] or ELEMENTS
        case FieldType.FLAG:
            return True
        case FieldType.PEOPLE:
            return [{"in": "DE", "count": 40000}, {"in": "US-CA", "count": 1300, "estimated": True}]
        case _:
            return f"[{field.key}]"


def page_text(html: str) -> str:
    """What a reader sees, a line for each block."""
    body = re.sub(r"<(style|title)>.*?</\1>", "", html, flags=re.DOTALL)
    lined = re.sub(r"</(h1|h2|h3|p|li|tr|div|slot-address)>|<br ?/?>", "\n", body)
    text = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>\s*<t[dh]", " | <t", lined)))
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line) + "\n"
