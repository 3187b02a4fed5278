"""What the program says when it cannot do what it was asked.

One root. The message says what happened, the hint says what to do next. Raised low, caught in two
places: the command line's entry and the screen's base. Anything else that escapes is a bug and is loud.
"""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Letters of Persian and Indian scripts need these two; they move nothing on a screen."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def shown(text: str, *, longest: int = 0) -> str:
    """Text from outside as a terminal may print it: control and direction characters escaped, cut to `longest`."""
    if longest and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    if text.isprintable():
        return text
    return "".join(_escaped(each) if unicodedata.category(each) in _HIDDEN else each for each in text)


def _escaped(char: str) -> str:
    return char if char in _JOINERS else char.encode("unicode_escape").decode()


def is_plain(text: str) -> bool:
    """Whether a terminal prints this text as it stands."""
    return text.isprintable() or shown(text) == text


class IncidentError(Exception):
    """Something the user can understand and mend."""

    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ContentError(IncidentError):
    """A facts file, playbook, template or regime that cannot be used; names file, key and mend."""

    exit_status = 2


class StoreError(IncidentError):
    """The vault or its database cannot be opened, read or written."""


class BusyError(StoreError):
    """Somebody else is writing, and did not finish in the time that was waited; nothing was changed."""

    def __init__(self, seconds: float) -> None:
        long = f"for {seconds:.0f} seconds " if seconds >= 1 else ""
        super().__init__(f"Another window has been writing {long}and is not done.", "Nothing was changed; try again.")


class DocumentError(IncidentError):
    """A document cannot be rendered: a value is missing, a template reaches out, a native library is absent."""


class RefusedError(IncidentError):
    """The act is not allowed for this person, at this time or in this state."""


class ConflictError(RefusedError):
    """Somebody else changed the same text since it was read; `standing` is what it says now, so that both can be seen."""

    def __init__(self, what: str, standing: object) -> None:
        says = f"«{standing}»" if standing else "nothing of its own"
        super().__init__(
            f"{what}: somebody else wrote here meanwhile. It says {says}.", "Yours is still here: join the two, save again."
        )
        self.standing = standing


def refuse_lost(what: str, *, seen: object, standing: object, wanted: object) -> None:
    """Raise ConflictError when a text would be overwritten that its writer has not seen."""
    if standing not in (seen, wanted):
        raise ConflictError(what, standing)
