"""The press: a recipient in, a letter out, by the fast way where the slots carry the text and by a layout of its own else.

One press lives in one process. It makes each layout once, keeps what it learnt about fonts and words, and counts which
way each letter took. It stops (DocumentError) when a page does not say what its recipient's letter must say.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from incident.documents.letterpress.cache import LayoutCache
from incident.documents.letterpress.compilation import LetterText, compile_alone, compile_variant, variant_digest
from incident.documents.letterpress.individual import Individual, LetterFile
from incident.documents.letterpress.layout import LayoutDesk
from incident.documents.letterpress.recipient import Recipient, Shape, clean, refusal, shape_of
from incident.documents.letterpress.stamping import Held, Stamped, Stamper
from incident.documents.letterpress.typeface import typeface
from incident.documents.letterpress.variant import Variant
from incident.errors import DocumentError

FAST, SLOW = "fast", "slow"
_WORDED = 256
"""Lists in words that get a layout of their own; beyond, such letters are laid out one by one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be written into a file: the way it took, and why if it was the slow one."""

    recipient: Recipient
    stamper: Stamper
    stamped: Stamped
    path: str
    why: str = ""

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.stamped.pages)


@dataclass(frozen=True, slots=True)
class Refused:
    """A recipient for whom no letter can be made, and why, in one sentence."""

    recipient: Recipient
    reason: str


class Press:
    """Makes letters of approved texts (by language), tagged or for print; use it in a `with` block."""

    def __init__(
        self,
        texts: Mapping[str, LetterText],
        *,
        tagged: bool,
        cache: LayoutCache | None = None,
        fonts: Mapping[str, Path] | None = None,
    ) -> None:
        self.texts, self.tagged, self.cache = dict(texts), tagged, cache
        self.desk = LayoutDesk(fonts)
        self.counts: Counter[str] = Counter()
        self._stampers: dict[Shape, Stamper] = {}
        self._writers: dict[str, Individual] = {}

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.desk.close()

    def letter(self, recipient: Recipient) -> Letter | Refused:
        """The letter of a recipient, checked; or why there can be none."""
        reason = refusal(recipient) or ("" if recipient.language in self.texts else self._no_text(recipient))
        if reason:
            return self._refused(recipient, reason)
        stamper = self._stamper(shape_of(recipient))
        held = stamper.stamp(recipient)
        if isinstance(held, Held) and held.slot.startswith("element"):
            stamper, held = self._in_words(recipient, stamper, held)
        if isinstance(held, Held):
            return self._alone(recipient, held.why)
        self.counts[FAST] += 1
        return Letter(recipient, stamper, held, FAST)

    def file(self, letter: Letter) -> LetterFile:
        """A letter as a PDF of its own."""
        if letter.path == SLOW:
            return Individual(letter.stamper).file(letter.stamped)
        digest = letter.stamper.variant.digest
        if digest not in self._writers:
            self._writers[digest] = Individual(letter.stamper)
        return self._writers[digest].file(letter.stamped)

    def variant(self, shape: Shape) -> Variant | str:
        """The layout of a shape, from the cache or made now; a sentence when the layout complains."""
        text = self.texts[shape.language]
        found = self.cache.get(variant_digest(text, shape, self.desk.fonts)) if self.cache else None
        if found is None:
            made = compile_variant(text, shape, self.desk)
            if isinstance(made, str):
                return made
            found = made
            if self.cache:
                self.cache.put(found)
        return found

    def _stamper(self, shape: Shape) -> Stamper:
        found = self._stampers.get(shape)
        if found is None:
            made = self.variant(shape)
            if isinstance(made, str):
                raise DocumentError(made, "Letters are made of their own words and fonts; mend the template.")
            found = self._stampers[shape] = Stamper(made, self.desk.fonts, tagged=self.tagged)
        return found

    def _in_words(self, recipient: Recipient, stamper: Stamper, held: Held) -> tuple[Stamper, Stamped | Held]:
        """The list as part of the layout, where one of its lines is too long to be stamped."""
        shape = replace(shape_of(recipient), elements=0, worded=tuple(map(clean, recipient.elements)))
        many = sum(bool(each.worded) for each in self._stampers) >= _WORDED
        if self._uncovered(recipient) or (many and shape not in self._stampers):
            return stamper, held
        worded = self._stamper(shape)
        return worded, worded.stamp(recipient)

    def _alone(self, recipient: Recipient, why: str) -> Letter | Refused:
        missing = self._uncovered(recipient)
        if missing:
            return self._refused(recipient, f"No font here has the characters {missing}: add a font that has them.")
        made = compile_alone(self.texts[recipient.language], recipient, self.desk)
        if isinstance(made, str):
            return self._refused(recipient, made)
        self.counts[SLOW] += 1
        self.counts[f"{SLOW}: {why}"] += 1
        stamper = Stamper(made, self.desk.fonts, tagged=self.tagged)
        return Letter(recipient, stamper, Stamped((b"",) * len(made.sheets), ()), SLOW, why)

    def _uncovered(self, recipient: Recipient) -> str:
        covered = _covered(tuple(sorted(self.desk.fonts.values())))
        missing = sorted({each for text in recipient.texts() for each in text if ord(each) not in covered and _shows(each)})
        return ", ".join(f"{each} (U+{ord(each):04X})" for each in missing[:8])

    def _no_text(self, recipient: Recipient) -> str:
        return f"There is no approved letter in the language «{recipient.language}»."

    def _refused(self, recipient: Recipient, reason: str) -> Refused:
        self.counts["refused"] += 1
        return Refused(recipient, reason)


@lru_cache(maxsize=4)
def _covered(paths: tuple[Path, ...]) -> frozenset[int]:
    return frozenset().union(*(typeface(path, "en").covered for path in paths))


def _shows(character: str) -> bool:
    """Whether a character needs a glyph: not the joiners, the soft hyphen or what only varies its neighbour."""
    return unicodedata.category(character) != "Cf" and not 0xFE00 <= ord(character) <= 0xFE0F
