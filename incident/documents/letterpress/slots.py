"""Slots: the places of an approved page that each recipient's letter fills.

A template marks them (`<slot-address>`, `<slot-salutation>`, `<slot-reference data-label=…>`, `<slot-code data-label=…>`,
`<ul data-slot="elements">`, `<slot-x-…>`); read as a notice, the page shows its own general words there. Here the words are
exchanged for a recipient's, or for signs that are found again in the layout. A slot that is asked for and missing is an error.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import escape

from incident.documents.letterpress.recipient import ADDRESS_LINES, Recipient, Shape, clean
from incident.errors import DocumentError

_SIGN = "¤¤"
_ELEMENTS = re.compile(r'(<ul data-slot="elements">).*?(</ul>)', re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")
FOOT = "reference in the margin"
"""The reference at the foot of every page."""
_FOOT_STYLE = (
    "<style>@page {{ @bottom-left {{ width: 60mm }} @bottom-center {{ content: {}; width: 70mm; text-align: left; "
    "font: 7.5pt Body; color: #5a5f68 }} }}</style></head>"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that is filled with one line of text, and the sign that stands there while the page is laid out."""

    key: str
    sign: str


def slots_of(shape: Shape) -> tuple[Slot, ...]:
    """The slots of a letter of this shape, in the order of `texts_for`."""
    keys = [f"address {number}" for number in range(ADDRESS_LINES)] + ["reference"]
    keys += ["salutation"] * shape.salutation + ["code"] * shape.code
    keys += [f"element {number}" for number in range(shape.elements)] + [f"extra {name}" for name in shape.extras]
    return tuple(Slot(key, f"{_SIGN}S{number}{_SIGN}") for number, key in enumerate([*keys, FOOT]))


def texts_for(shape: Shape, recipient: Recipient) -> list[str]:
    """A recipient's text for each slot of `slots_of(shape)`; what the window has over is empty."""
    lines = [line for line in map(clean, (recipient.name, *recipient.address)) if line]
    texts = lines + [""] * (ADDRESS_LINES - len(lines))
    reference = clean(recipient.reference)
    texts.append(reference)
    if shape.salutation:
        texts.append(clean(recipient.salutation))
    if shape.code:
        texts.append(clean(recipient.code))
    if shape.elements:
        texts += [clean(each) for each in recipient.elements]
    texts += [clean(text) for _, text in recipient.extras]
    texts.append(reference)
    return texts


def signed_html(html: str, shape: Shape) -> str:
    """The page with a sign in every slot."""
    if _SIGN in html:
        raise DocumentError(f"The letter contains «{_SIGN}», the sign of a slot.", "Write it another way.")
    return _filled(html, shape, [slot.sign for slot in slots_of(shape)])


def written_html(html: str, shape: Shape, recipient: Recipient) -> str:
    """The page with one recipient's own words, to be laid out for this recipient alone."""
    return _filled(html, shape, texts_for(shape, recipient))


def _filled(html: str, shape: Shape, texts: list[str]) -> str:
    told = dict(zip((slot.key for slot in slots_of(shape)), texts, strict=True))
    lines = [told[f"address {number}"] for number in range(ADDRESS_LINES)]
    while lines and not lines[-1]:
        lines.pop()
    html = _LINK.sub("", html)
    html = _exchanged(html, "slot-address", lambda _: "<br>".join(_line(each) for each in lines))
    html = _exchanged(html, "slot-reference", _labelled(told["reference"]))
    if shape.salutation:
        html = _exchanged(html, "slot-salutation", lambda _: _line(told["salutation"]))
    if shape.code:
        html = _exchanged(html, "slot-code", _labelled(told["code"]))
    for name in shape.extras:
        html = _exchanged(html, f"slot-x-{name}", _plain(told[f"extra {name}"]))
    html = _with_elements(html, shape.worded or tuple(told[f"element {number}"] for number in range(shape.elements)))
    return html.replace("</head>", _FOOT_STYLE.format(_quoted(told[FOOT])), 1)


def _line(text: str) -> str:
    return f"<span>{escape(text)}</span>"


def _plain(text: str) -> Callable[[str], str]:
    return lambda _: _line(text)


def _labelled(text: str) -> Callable[[str], str]:
    return lambda label: f'<p class="labelled">{label}: {_line(text)}</p>'


def _exchanged(html: str, name: str, words: Callable[[str], str]) -> str:
    pattern = re.compile(rf'<{name}(?: data-label="([^"]*)")?>.*?</{name}>', re.DOTALL)
    found = pattern.findall(html)
    if len(found) != 1:
        raise DocumentError(
            f"The letter has {len(found) or 'no'} places called «{name}»; a press needs exactly one.",
            f"Mark the place in the template with <{name}>…</{name}> and have the notice approved again.",
        )
    return pattern.sub(lambda match: f"<{name}>{words(match.group(1) or '')}</{name}>", html)


def _with_elements(html: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return html
    if len(_ELEMENTS.findall(html)) != 1:
        raise DocumentError(
            "The letter has no list for the data of each person.",
            'Mark the list in the template with <ul data-slot="elements">…</ul> and have the notice approved again.',
        )
    items = "".join(f"<li>{_line(each)}</li>" for each in lines)
    return _ELEMENTS.sub(lambda match: match.group(1) + items + match.group(2), html)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    return f'"{escaped}"'
