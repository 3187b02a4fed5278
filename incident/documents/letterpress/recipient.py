"""One person to whom a letter goes, and what of the text a letter for this person needs.

Nothing here knows a file, a store or a language's rules: names, address lines and words come ready to be set. What no
letter can carry (a control character, a line of thousands of characters) is said as a reason, never mended in silence.
"""

import re
import unicodedata
from dataclasses import dataclass

ADDRESS_LINES = 6
"""Lines of the window: the name and five lines of address."""
LONGEST = 300
"""Characters of one field; a longer one is a mistake in the file and no name."""
_WORD = re.compile("[A-Za-z0-9._/-]+")
_NEVER = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows: no name has them, and they make one name look like another."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee of one letter; every field is text as it shall stand on paper."""

    key: str
    """What the sender's own file calls this row; never printed."""
    language: str
    name: str
    address: tuple[str, ...]
    """The lines under the name, the country line included, in the order of the addressee's country."""
    reference: str
    """Printed on every page; no two recipients share it."""
    salutation: str = ""
    """The whole line (`Dear Ms Ruiz,`); empty keeps the letter's own."""
    code: str = ""
    elements: tuple[str, ...] = ()
    """This person's data in the letter's language; empty keeps the letter's own list."""
    extras: tuple[tuple[str, str], ...] = ()
    """Further slots of the template (`slot-x-…`) by name."""

    def texts(self) -> tuple[str, ...]:
        """Everything that will be printed for this person."""
        spoken = (self.name, *self.address, self.salutation, self.reference, self.code, *self.elements)
        return (*spoken, *(text for _, text in self.extras))


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """What changes the layout of a letter: which fields it has, not what they say. One shape, one layout."""

    language: str
    salutation: bool = False
    code: bool = False
    elements: int = 0
    """Lines of the list that are stamped."""
    worded: tuple[str, ...] = ()
    """The list in words, where a line is too long to be stamped: then it is part of the layout."""
    extras: tuple[str, ...] = ()


def clean(text: str) -> str:
    """The text as HTML would show it: composed (NFC), white space one space, none at the ends."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text:
        text = " ".join(part for part in text.split(" ") if part)
    return text.strip(" ")


def shape_of(recipient: Recipient) -> Shape:
    """The layout that a recipient's letter needs."""
    return Shape(
        recipient.language,
        bool(recipient.salutation),
        bool(recipient.code),
        len(recipient.elements),
        (),
        tuple(name for name, _ in recipient.extras),
    )


def refusal(recipient: Recipient) -> str:
    """Why no letter can be made for this recipient, in one sentence; empty when it can."""
    return _window_refusal(recipient) or _sign_refusal(recipient)


def _window_refusal(recipient: Recipient) -> str:
    if not recipient.name.strip() or not any(line.strip() for line in recipient.address):
        return "The name or the address is empty."
    if not _WORD.fullmatch(recipient.reference):
        return "The reference is not one word of letters, digits and . _ / -: without it no page can be told from another's."
    if recipient.code and not _WORD.fullmatch(recipient.code):
        return "The code is not one word of letters, digits and . _ / -."
    if not all(each.strip() for each in recipient.elements):
        return "The list of this person's data has an empty line."
    if len(recipient.address) >= ADDRESS_LINES:
        return f"The address has {len(recipient.address)} lines; the window holds {ADDRESS_LINES - 1} under the name."
    return ""


def _sign_refusal(recipient: Recipient) -> str:
    for text in recipient.texts():
        if len(text) > LONGEST:
            return f"A field has {len(text)} characters; {LONGEST} is the most that a line can mean."
        if not (text.isascii() and text.isprintable()):
            bad = next((each for each in text if each in _TURNING or unicodedata.category(each) in _NEVER), "")
            if bad:
                return f"A field holds the character U+{ord(bad):04X}, which cannot be printed."
    return ""
