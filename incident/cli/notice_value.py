"""What is typed for a notice's field → its value, as the field's type wants it."""

import json
from datetime import datetime

from incident.domain.moment import said
from incident.domain.notice import FieldType, NoticeField
from incident.errors import ContentError

_JSON = (FieldType.NUMBER, FieldType.CHOICES, FieldType.PEOPLE, FieldType.FLAG)


def typed_value(field: NoticeField, text: str, *, now: datetime, zone: str) -> object:
    """The value; raises ContentError naming the field. Choices may be typed `a, b`, flags `yes`, times as people say them."""
    if field.type is FieldType.MOMENT:
        return said(text, now=now, zone=zone).document
    if field.type is FieldType.FLAG and text.strip().lower() in ("yes", "no"):
        return text.strip().lower() == "yes"
    if field.type is FieldType.CHOICES and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    if field.type not in _JSON:
        return text
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise ContentError(f"{field.key}: «{text}» is not JSON.", 'Write a number, yes, or ["a", "b"].') from error
    return value
