"""Pseudonyms: the same person, machine or address always goes by the same made-up name in what leaves an incident.

A name is a keyed hash, so that nobody without the incident's key can try out who `Person 7KQ4TX` is, and two exports of
one incident can be laid side by side. It finds what it was told (the team, contacts) and what has the shape of an address
of a machine, a mailbox or a telephone. A stranger's name in running text has no shape: a person reads before sending.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, no digits that look like letters: a pseudonym is never a word and can be read out."""
_LENGTH = 6
_SHORTEST_NAME = 3

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_DOT = r"(?:\.|\[\.\]|\(\.\))"
"""A dot, also as analysts write it so that nobody clicks."""
_AT = r"(?:@|\[@\]|\[at\]|\(at\))"
_LABEL = r"[A-Za-z0-9\u00c0-\uffff](?:[A-Za-z0-9\u00c0-\uffff_-]{0,62})"
_FILES = (
    "log csv tsv txt pdf doc docx xls xlsx ppt pptx odt ods zip rar 7z gz tar eml msg pst json xml html htm exe dll ps1 "
    "bat sh py js db bak sql png jpg jpeg"
)
_STANDARDS = "CVE|CWE|GHSA|INC|SHA|MD|AES|RSA|ISO|UTF|TLS|SSL|SP|DIN|BS|EN|RFC|COVID|GDPR|NIS|HTTP|IPV|OAUTH|SMB"
"""What looks like the name of a machine and is that of a standard, a weakness or an incident."""
_KINDS: tuple[tuple[str, str], ...] = (
    ("Link", r"\b(?:https?|hxxps?|ftps?|sftp|smb|file|ldaps?|rdp|ssh)(?:://|\[:\]//|:\\\\)[^\s<>\"'«»)\]]{1,2000}"),
    ("Mailbox", rf"[A-Za-z0-9._%+\u00c0-\uffff-]{{1,64}}{_AT}(?:{_LABEL}{_DOT}){{1,8}}[A-Za-z\u00c0-\uffff]{{2,24}}\b"),
    ("Host", r"\\\\[^\s\\/]{1,255}(?:\\[^\s<>\"'«»]{0,255})?"),
    ("Account", r"\b[A-Za-z][A-Za-z0-9.-]{1,30}\\[A-Za-z0-9._$-]{1,64}"),
    ("IP", rf"(?<![\w.])(?:::[fF]{{4}}:)?(?:{_OCTET}{_DOT}){{3}}{_OCTET}(?:/\d{{1,2}})?(?![\w]|\.\d)"),
    ("Host", r"(?<![\w:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])"),
    (
        "IP",
        r"(?<![\w:.])(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f])(?:[0-9A-Fa-f]{0,4}:){2,7}"
        r"(?:[0-9A-Fa-f]{1,4})?(?:%\w{1,15})?(?:/\d{1,3})?(?![\w:])",
    ),
    ("Account", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"),
    ("Number", r"(?<![\w+])(?:\+|00)\d{1,3}(?:[ ()/.-]{0,2}\d){5,14}(?!\w)"),
    ("Number", r"(?<![\w.:-])\d{3}-\d{2}-\d{4}(?![\w-])"),
    ("Number", r"(?<![\w.:-])(?:\d[ -]?){13,19}(?![\w-])"),
    ("File", rf"\b[\w\u00c0-\uffff-][\w\u00c0-\uffff.-]{{0,120}}\.(?:{'|'.join(_FILES.split())})\b"),
    ("Host", rf"(?<![\w@.])(?:{_LABEL}{_DOT}){{1,8}}[A-Za-z\u00c0-\uffff]{{2,24}}(?::\d{{1,5}})?(?![\w@])"),
    (
        "Host",
        rf"(?<![\w-])(?!(?i:{_STANDARDS})[-\d])[A-Za-z]{{2,20}}\d{{0,8}}(?:-[A-Za-z0-9]{{1,20}}){{0,4}}"
        r"-(?=[A-Za-z]{0,20}\d)[A-Za-z0-9]{1,20}(?![\w-])",
    ),
    ("Host", rf"(?<![\w-])(?!(?:{_STANDARDS})\d)[A-Z]{{2,12}}\d{{2,8}}(?![\w-])"),
)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Replaces what is named or has the shape of an address; `key` belongs to one incident and never leaves the vault."""

    key: bytes = field(repr=False)
    people: Mapping[str, str] = field(default_factory=dict)
    """What a person may be called (full name, surname, sign-in) → under which name they are hashed."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Other words that go out under a pseudonym (principals on whose behalf we act) → their kind."""
    _found: "re.Pattern[str] | None" = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_found", re.compile("|".join(_parts(self.people, self.known))))

    def name(self, kind: str, value: str) -> str:
        """The made-up name: `Person 7KQ4TX`; the same for the same value whatever its case and spacing."""
        plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
        plain = plain.replace("[.]", ".").replace("(.)", ".").replace("hxxp", "http")
        number = int.from_bytes(hmac.digest(self.key, f"{kind}\0{plain}".encode(), sha256)[:16], "big")
        letters = []
        for _ in range(_LENGTH):
            number, rest = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[rest])
        return f"{kind} {''.join(letters)}"

    def person(self, name: str) -> str:
        """The pseudonym of a person of whom the whole name is known."""
        return self.name("Person", self.people.get(name, name))

    def text(self, text: str) -> str:
        """A text in which names and addresses are replaced; everything else stays as it was written."""
        if not text or self._found is None:
            return text
        return self._found.sub(self._replaced, unicodedata.normalize("NFC", text))

    def _replaced(self, found: "re.Match[str]") -> str:
        word = found[0]
        if found.lastgroup == "made":
            return word
        if (person := self.people.get(word)) is not None:
            return self.name("Person", person)
        if (kind := self.known.get(word)) is not None:
            return self.name(kind, word)
        kind = _KINDS[int((found.lastgroup or "k0")[1:])][0]
        trailing = word[len(word.rstrip(".,;:")) :]
        return self.name(kind, word.removesuffix(trailing)) + trailing


def _parts(people: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """What was replaced already stays; then shapes, the most telling first; then names, the long ones first."""
    words = sorted({*people, *known}, key=lambda each: (-len(each), each))
    named = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in words if len(each) >= _SHORTEST_NAME]
    shapes = [f"(?P<k{number}>{shape})" for number, (_, shape) in enumerate(_KINDS)]
    kinds = "|".join(dict.fromkeys(("Person", *known.values(), *(kind for kind, _ in _KINDS))))
    made = rf"(?P<made>\b(?:{kinds}) [{_LETTERS}]{{{_LENGTH}}}(?!\w))"
    return [made, *shapes, *named]


def spoken_names(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What people are called in running text: name, its parts, sign-in; a part that two people share is hashed by itself."""
    spoken: dict[str, str] = {}
    for full, sign_in in names:
        bare = " ".join(re.sub(r"\([^)]*\)", " ", unicodedata.normalize("NFC", full)).split())
        parts = [each.strip(".,") for each in bare.split(" ")] if " " in bare else []
        for word in (full, bare, sign_in, sign_in.capitalize(), *parts):
            if len(word) >= _SHORTEST_NAME and word[:1].isalpha():
                spoken[word] = word if spoken.get(word, full) != full else full
    return spoken
