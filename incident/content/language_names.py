"""The English names of languages, as Babel has them."""


def language_name(code: str) -> str:
    """The name of a language in English; its code where there is no name for it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_")).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
