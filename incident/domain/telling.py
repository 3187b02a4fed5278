"""Signs that a text tells what a law wants left out of a letter: how many people, or what kind of breach it was.

Signs only: they find common words in English and miss others. A text without one may still tell it, and a text with one may
not; a person reads and decides.
"""

import re

_WHO = (
    r"(?:residents?|people|persons?|individuals?|customers?|consumers?|patients?|members?|employees|clients?|users?|"
    r"households?|accounts?|citizens|students)"
)
_BETWEEN = r"(?:(?!(?:hour|day|week|month|year|dollar|percent|minute)s?\b)[^\W\d]+\s+){0,3}"
_MANY = r"(?:\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+|\d+|(?:a |several |many )?(?:dozens?|hundreds?|thousands?|millions?)(?: of)?)"
_NUMBER = re.compile(
    rf"(?<![\d\-/:.(#])\b{_MANY}(?![\-/:%]|\.\d)\s+{_BETWEEN}{_WHO}\b"
    rf"|\bnumber of {_BETWEEN}{_WHO}\b"
    rf"|\b{_WHO}(?:\s+[^\W\d]+){{0,3}}\s+(?:affected|concerned|involved)\s*[:=(–-]*\s*{_MANY}\b",
    re.IGNORECASE,
)
_NATURE = re.compile(
    r"(?<!identity )(?<!report )\btheft\b|\b(?:stole|stolen|burgled|burglary|break-in|hack(?:ed|er|ers|ing)?|phish(?:ed|ing)|"
    r"ransom(?:ware)?|malware|virus|intru(?:der|ders|sion)|attack(?:ed|er|ers|s)?|cyber-?attack|exfiltrat\w+|mailbox(?:es)?|"
    r"accessed|unauthori[sz]ed|compromised|breached|leaked|misdirected|mis-?sent|wrong (?:person|recipient|address)|"
    r"lost (?:laptop|device|drive|paper|stick|phone)|encrypted|downloaded|copied by|published online)\b",
    re.IGNORECASE,
)


def number_told(text: str) -> str:
    """Where the text seems to say how many people it concerns; empty where no sign of it was found."""
    return _shown(_NUMBER.search(text))


def nature_told(text: str) -> str:
    """Where the text seems to say what kind of breach it was; empty where no sign of it was found."""
    return _shown(_NATURE.search(text))


def _shown(found: re.Match[str] | None) -> str:
    return " ".join(found.group(0).split()) if found is not None else ""
