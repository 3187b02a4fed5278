"""A fault found in content: a value, so that one broken file never stops the program from opening."""

from dataclasses import dataclass
from pathlib import PurePath

from incident.errors import shown


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to mend it."""

    file: str
    """The file's name as the user knows it, relative to its content folder."""
    place: str
    """A line (`line 12`), a key (`steps.contain.when`), or the body of law that is not evaluated for it."""
    message: str
    mend: str

    def __str__(self) -> str:
        place = PurePath(self.place)
        where = self.place if place.name == self.file else f"{self.file}: {self.place}"
        if PurePath(self.file).stem == self.place:
            where = self.file
        return shown(f"{where}: {self.message} {self.mend}".strip())
