"""In which language a text seems to be written, by its small words: a guess that asks somebody to look, never a verdict."""

import re
from collections.abc import Mapping

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 4
"""Small words of one language from which a guess is made."""
_LEAD = 2
"""How many times as many small words the likeliest language has as any other."""
SMALL_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to was were our we your you that is this with for from by have has had it they their not are be at",
        "de": "der die das und zu war wurden wurde unser unsere wir ihre ihr sie ist mit für von durch haben hat nicht sind "
        "ein eine im den dem des oder auch bei als",
        "fr": "le la les et à était été notre nos nous vos votre vous est avec pour du des par ont ne pas sont dans un une au "
        "aux ou que qui sur ce cette",
        "es": "el la los las y a fue fueron nuestro nuestra su sus que es con para por del han ha no son en un una o se al "
        "este lo",
        "it": "il lo la i gli le e è stato stata nostro nostra che di con per dal della dei delle ha hanno non sono nel un una "
        "suoi sua si alla al questo",
        "nl": "de het een en was werd onze wij we uw u dat is met voor van door hebben heeft niet zijn op in of ook bij deze",
        "pl": "i w z na do się nie jest są był była został została nasz nasze naszej państwa że to oraz przez dla od po o ich "
        "które jak",
        "pt": "o os as e foi foram nosso nossa seu seus sua que é com para por do da dos das não são em um uma ou se ao à no",
    }.items()
}


def likely_language(text: str) -> str:
    """The language's code; empty for a text that is too short, or that could be in more than one."""
    words = [each.casefold() for each in _WORD.findall(text)]
    counts = sorted(((sum(each in small for each in words), code) for code, small in SMALL_WORDS.items()), reverse=True)
    (best, code), (second, _) = counts[0], counts[1]
    return code if best >= _FEWEST and best >= _LEAD * second else ""
