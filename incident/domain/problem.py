"""A fault found in content: a value, so that one broken file never stops the program from opening."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to mend it."""

    file: str
    """The file's name as the user knows it, relative to its content folder."""
    place: str
    """A line (`line 12`) or a key (`steps.contain.when`)."""
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.message} {self.mend}".strip()
