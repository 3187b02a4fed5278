"""The phrases that a notice to people does better without, per language: the user's own beside those that are shipped."""

import tomllib
from functools import lru_cache

from incident.content.folders import content_folders
from incident.errors import ContentError

_NAME = "plain_language.toml"


@lru_cache(maxsize=16)
def phrases_to_avoid(language: str) -> tuple[str, ...]:
    """The phrases of one language; none for a language that has no list. Raises ContentError naming the file."""
    found: dict[str, None] = {}
    for folder in content_folders("notice_templates"):
        path = folder / "_words" / _NAME
        if not path.is_file():
            continue
        try:
            listed = tomllib.loads(path.read_text(encoding="utf-8")).get(language.split("-")[0], [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ContentError(f"{path}: this is not TOML: {error}.", "Mend the line.") from error
        if not isinstance(listed, list) or not all(isinstance(each, str) and each.strip() for each in listed):
            raise ContentError(f"{path}: «{language}» is not a list of phrases.", 'Write en = ["…", "…"].')
        found |= dict.fromkeys(listed)
    return tuple(found)
