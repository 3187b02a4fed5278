"""Passages of a text that not every reader gets, marked where they stand:

    The mailbox was read. [[privileged]]Counsel advises to say no more.[[end]] We closed it.
    [[regulator only]]The attacker is known to the police.[[end]]

A passage that is not closed goes on to the end of the text: what is unclear is kept back. A mark that nobody understands is
an error, so that a typing mistake cannot let a passage out.
"""

import re
from dataclasses import dataclass

from incident.domain.notice import NoticeForm, NoticeTemplate
from incident.domain.profile import Profile

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
"""Characters of no width: a word with one inside looks like the word."""
_BETWEEN = rf"[\s{_UNSEEN}]*"
_JOINED = rf"[\s\-‐‑‒–—_{_UNSEEN}]*"
_UNSEEN_ONE = re.compile(f"[{_UNSEEN}]")


def _spelled(word: str) -> str:
    return f"[{_UNSEEN}]*".join(word)


_MARK = re.compile(
    rf"\[[{_UNSEEN}]*\[{_BETWEEN}"
    rf"({_spelled('privileged')}|{_spelled('regulator')}{_JOINED}{_spelled('only')}|{_spelled('end')})"
    rf"{_BETWEEN}\][{_UNSEEN}]*\]",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"[\[［【⟦](?:[\s\[［【⟦/]*)(?:privil|regulator|end\s*/?\s*[\]］】⟧])|[\[［]\s*[\[［]\s*/?\s*[^\W\d_]|[【⟦]\s*/?\s*[^\W\d_]",
    re.IGNORECASE,
)
"""What looks like a mark: a bracket before a mark's word, or two brackets before any word."""
_BRACKETED = re.compile(r"[\[［【⟦][\s\[［【⟦]*[^\[\]［］【】⟦⟧]{1,40}[\]］】⟧]+")
_SHOWN = 20
_GETS = {
    "privileged": frozenset({Profile.PRIVILEGED}),
    "regulator only": frozenset({Profile.PRIVILEGED, Profile.REGULATOR}),
}


@dataclass(frozen=True, slots=True)
class Filtered:
    """A text as one reader gets it."""

    text: str
    kept_back: int
    """How many passages the reader does not get."""


def for_reader(text: str, profile: Profile) -> Filtered:
    """The text without the passages that this reader does not get, and without the marks of those that they do."""
    if not has_mark(text):
        return Filtered(text, 0)
    parts: list[str] = []
    kept_back, at, closed_to = 0, 0, ""
    for mark in _MARK.finditer(text):
        word = _word(mark)
        if not closed_to:
            parts.append(text[at : mark.start()])
        at = mark.end()
        if closed_to and word != "end":
            continue  # inside a passage that is kept back: everything up to its end is
        if word == "end":
            closed_to = ""
        elif profile not in _GETS[word]:
            closed_to, kept_back = word, kept_back + 1
    if not closed_to:
        parts.append(text[at:])
    return Filtered(_tidied("".join(parts)) if kept_back else "".join(parts), kept_back)


def _tidied(text: str) -> str:
    """Without the double blanks and empty lines that a passage leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text)).strip()


def has_mark(text: str) -> bool:
    """Whether a sound mark stands in the text."""
    return "[" in text and _MARK.search(text) is not None


def _word(mark: re.Match[str]) -> str:
    """Which mark it is: a hyphen, capitals and characters of no width do not make another."""
    letters = re.sub(r"[^a-z]", "", mark.group(1).lower())
    return "regulator only" if letters == "regulatoronly" else letters


def unclear_mark(text: str) -> str:
    """What looks like a mark and is none, or a passage without an end; empty where the marks are sound.

    An end that ends nothing names what stands in brackets before it: most likely that is its beginning, mistyped.
    """
    seen = _UNSEEN_ONE.sub("", text)
    if not _LIKE.search(seen):
        return ""
    opened, at = "", 0
    for mark in _MARK.finditer(seen):
        word = _word(mark)
        if word == "end" and not opened:
            return _mistyped(seen[at : mark.start()]) or mark.group(0)
        if word != "end" and opened:
            return mark.group(0)
        opened, at = "" if word == "end" else mark.group(0), mark.end()
    rest = _MARK.sub("", seen)
    found = _LIKE.search(rest)
    return opened or (rest[found.start() : found.start() + _SHOWN] if found else "")


def _mistyped(before: str) -> str:
    """The last words in brackets before an end."""
    found = _BRACKETED.findall(before)
    return found[-1].strip() if found else ""


def profile_of(template: NoticeTemplate) -> Profile:
    """Who reads a notice: what its template says, else a sheet's reader is an authority and anybody else a customer."""
    if template.reader:
        return Profile(template.reader)
    return Profile.REGULATOR if template.form is NoticeForm.SHEET else Profile.CUSTOMER
