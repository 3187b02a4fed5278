"""How hard a text is to read, by the measure that was made for its language; its longest sentences; words to avoid.

Syllables are counted by groups of vowels, which is exact enough for averages and wrong for single words. A measure of fewer
than thirty words says little, so no answer is given for them. The measures advise; a person decides.

Sources: en Flesch 1948; de Amstad 1978; fr Kandel and Moles 1958; es Szigriszt Pazos 1993 (INFLESZ scale, Barrio Cantalejo
2008); it Lucisano and Piemontese 1988 (Gulpease); nl Douma 1960; pl Gunning's FOG with the Polish threshold of four
syllables (Pisarek 1969); pt Martins, Ghiraldelo, Nunes and Oliveira 1996.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

FEWEST_WORDS = 30
LONG_SENTENCE = 25
"""Words from which a sentence is shown as long."""
_SHOWN = 3
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_END = re.compile(r"(?<=[.!?…])[\"'»”’)\]]*\s+(?=[^a-zà-öø-ÿ])|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
_VOWELS: Mapping[str, str] = {
    "de": "aeiouyäöü",
    "pl": "aąeęioóuy",
}
_ANY_VOWEL = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœąęó"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted in a text."""

    sentences: tuple[str, ...]
    words: int
    syllables: int
    letters: int
    hard_words: int
    """Words of four syllables and more."""

    @property
    def words_per_sentence(self) -> float:
        """The average length of a sentence."""
        return self.words / max(1, len(self.sentences))

    @property
    def syllables_per_word(self) -> float:
        """The average length of a word."""
        return self.syllables / max(1, self.words)


@dataclass(frozen=True, slots=True)
class Measure:
    """A published formula, and the value from which a reader follows: the middle of what its scale calls difficult."""

    name: str
    formula: Callable[[Measured], float]
    plain: float
    low_is_plain: bool = False

    def is_plain(self, score: float) -> bool:
        """Whether an ordinary reader follows a text with this score."""
        return score <= self.plain if self.low_is_plain else score >= self.plain


def _flesch(base: float, sentence: float, word: float) -> Callable[[Measured], float]:
    return lambda text: base - sentence * text.words_per_sentence - word * text.syllables_per_word


def _gulpease(text: Measured) -> float:
    return 89 + (300 * len(text.sentences) - 10 * text.letters) / max(1, text.words)


def _fog(text: Measured) -> float:
    return 0.4 * (text.words_per_sentence + 100 * text.hard_words / max(1, text.words))


MEASURES: Mapping[str, Measure] = {
    "en": Measure("Flesch", _flesch(206.835, 1.015, 84.6), 40),
    "de": Measure("Amstad", _flesch(180, 1, 58.5), 30),
    "fr": Measure("Kandel and Moles", _flesch(207, 1.015, 73.6), 40),
    "es": Measure("Szigriszt Pazos", _flesch(206.835, 1, 62.3), 45),
    "it": Measure("Gulpease", _gulpease, 35),
    "nl": Measure("Douma", _flesch(206.84, 0.93, 77), 35),
    "pl": Measure("FOG-PL", _fog, 15, low_is_plain=True),
    "pt": Measure("Martins", _flesch(248.835, 1.015, 84.6), 40),
}


@dataclass(frozen=True, slots=True)
class LongSentence:
    """A sentence with its number of words."""

    words: int
    text: str


@dataclass(frozen=True, slots=True)
class Readability:
    """The verdict on a text."""

    measure: str
    """Empty where no measure for the language is known."""
    score: float | None
    """None for a text that is too short to be measured."""
    plain: bool
    """True as well where nothing could be measured: nothing is held against it."""
    longest: tuple[LongSentence, ...]
    phrases: tuple[str, ...]
    """Phrases to avoid that stand in the text."""

    @property
    def passes(self) -> bool:
        """Plain by its measure, and without a phrase to avoid."""
        return self.plain and not self.phrases

    @property
    def text(self) -> str:
        """The verdict in a line."""
        if self.score is None:
            said = "too short to be measured" if self.measure else "no measure for this language"
        else:
            said = f"{self.measure} {self.score:.0f}, {'plain' if self.plain else 'hard to read'}"
        avoid = f"; avoid «{'», «'.join(self.phrases)}»" if self.phrases else ""
        return f"{said}{avoid}"


def readability(text: str, language: str, phrases: Sequence[str] = ()) -> Readability:
    """Measure a text in its language; `phrases` are those to avoid, compared without case and spacing."""
    counted = measured(text, language)
    measure = MEASURES.get(language.split("-")[0])
    enough = measure is not None and counted.words >= FEWEST_WORDS
    score = measure.formula(counted) if measure is not None and enough else None
    longest = sorted((LongSentence(len(_WORD.findall(each)), each) for each in counted.sentences), key=lambda one: -one.words)
    folded = _folded(text)
    return Readability(
        measure=measure.name if measure is not None else "",
        score=round(score, 1) if score is not None else None,
        plain=score is None or measure is None or measure.is_plain(score),
        longest=tuple(each for each in longest[:_SHOWN] if each.words >= LONG_SENTENCE),
        phrases=tuple(each for each in phrases if _folded(each) in folded),
    )


def measured(text: str, language: str) -> Measured:
    """Count sentences, words, syllables and letters; list signs and emphasis are no words."""
    parts = (" ".join(part.split()).lstrip("-*•").strip() for part in _END.split(unicodedata.normalize("NFC", text)))
    sentences = tuple(part for part in parts if _WORD.search(part))
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    counts = [syllables(word, language) for word in words]
    return Measured(
        sentences=sentences,
        words=len(words),
        syllables=sum(counts),
        letters=sum(1 for word in words for letter in word if letter.isalpha()),
        hard_words=sum(1 for count in counts if count >= 4),
    )


def syllables(word: str, language: str) -> int:
    """The syllables of a word by its groups of vowels; at least one."""
    low = word.lower()
    vowels = _VOWELS.get(language.split("-")[0], _ANY_VOWEL)
    if language.startswith("pl"):
        low = re.sub(f"i(?=[{vowels}])", "", low)  # it only softens the consonant before it
    found = re.findall(f"[{vowels}]+", low)
    count = sum(_in_group(each, language) for each in found)
    if language.startswith(("en", "fr")) and count > 1 and re.search(_SILENT[language[:2]], low):
        count -= 1
    return max(1, count)


_SILENT = {"en": r"[^aeiouyl]e$|[^aeiouylscgzxh]es$|[^aeioutd]ed$", "fr": r"[^aeiouyéèê](?:e|es|ent)$"}
_ONE = frozenset(
    "ai au ei eu ie oi ou ui äu ae oe ue ee oo aa ij uu ia io ua uo ea oa ay ey oy ão õe ãe œu "  # noqa: SIM905
    "eau iei iou uie oei ieu eeu aai".split()
)


def _in_group(group: str, language: str) -> int:
    """Two vowels that are spoken as one count once; a Polish vowel is a syllable of its own, but for `au` and `eu`."""
    if language.startswith("pl"):
        return len(group) - group.count("au") - group.count("eu")
    if len(group) == 1 or group in _ONE:
        return 1
    return 1 + (len(group) > 2) if language.startswith(("en", "fr")) else max(1, len(group) - 1)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("*", "").replace("_", "")
    return " ".join(plain.split())
