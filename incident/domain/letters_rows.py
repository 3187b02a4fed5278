"""One row of a recipients' file into an addressee, or the sentence that says why not.

What stands in the file is taken as it is: nothing is mended that would change to whom a letter goes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incident.domain.letters import Addressee, Reader, Rejected, Why
from incident.domain.letters_address import fits, full_name, town_lines
from incident.domain.letters_columns import Columns
from incident.errors import shown

_YES = frozenset("1 y yes true x ja j oui si sí s t wahr vrai".split())  # noqa: SIM905
_NO = frozenset("0 n no false nein non f falsch faux -".split()) | {""}  # noqa: SIM905
_FORMULA = re.compile(r"[=@\t]|[+-]\s*[A-Za-z(=@\"]")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
_LONGEST = 300
_STATED = ("US", "CA")
"""Countries whose breach law hangs on the part of the country."""
_PRINTED = ("name", "given", "family", "street", "street2", "street3", "postcode", "city", "region", "salutation")

_TO: Mapping[str, tuple[str, str]] = {
    "en": ("Parent or guardian of {}", "Next of kin of {}"),
    "de": ("Sorgeberechtigte von {}", "Angehörige von {}"),
    "fr": ("Parents ou tuteur de {}", "Proches de {}"),
    "es": ("Padres o tutores de {}", "Familiares de {}"),
    "it": ("Genitori o tutore di {}", "Familiari di {}"),
    "nl": ("Ouders of voogd van {}", "Nabestaanden van {}"),
    "pl": ("Rodzice lub opiekunowie: {}", "Najbliżsi: {}"),
    "pt": ("Pais ou tutor de {}", "Familiares de {}"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every row of a run."""

    prefix: str
    """Of references that the file does not give: the incident's."""
    home: str
    """The sender's country: letters within it have no country line."""
    countries: Mapping[str, str]
    """Folded name or code → ISO code."""
    lines: Mapping[str, str]
    """ISO code → the country line, in the sender's language."""
    regions: Mapping[str, str]
    """Folded name or code of a part (`us california`, `us ca`) → place code (`US-CA`)."""
    language: str
    """Of people for whom the file names none."""
    country: str = ""
    """Of rows without one; blank: such a row is bad."""


class _BadRow(ValueError):
    """Why a row cannot be used."""


class RowReader:
    """Reads the rows of files with these columns."""

    def __init__(self, columns: Columns, terms: Terms) -> None:
        self.terms, self.width = terms, len(columns.header)
        self._at = dict(columns.index)
        self._printed = tuple((role, self._at[role]) for role in _PRINTED if role in self._at)

    def read(self, cells: Sequence[str], source: int, line: int) -> Addressee | Rejected:
        """The addressee of a row, or why there is none."""
        place = ""
        try:
            self._refuse_ragged(cells)
            self._refuse_unprintable(cells)
            country = self._country(self._cell(cells, "country"))
            place, region = self._place(country, self._cell(cells, "region"))
            if (silent := self._silent(cells)) is not None:
                return Rejected(source, line, silent, f"{silent.value.capitalize()}.", tuple(cells), place)
            return self._addressee(cells, source, line, country, place, region)
        except _BadRow as error:
            return Rejected(source, line, Why.BAD, str(error), tuple(cells), place)

    def _cell(self, cells: Sequence[str], role: str) -> str:
        at = self._at.get(role)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _refuse_ragged(self, cells: Sequence[str]) -> None:
        if len(cells) != self.width and (len(cells) < self.width or any(cells[self.width :])):
            raise _BadRow(f"The row has {len(cells)} cells; the header names {self.width}.")

    def _refuse_unprintable(self, cells: Sequence[str]) -> None:
        for role, at in self._printed:
            text = cells[at]
            if len(text) > _LONGEST:
                raise _BadRow(f"The {role} has {len(text)} characters; {_LONGEST} is the most.")
            if text and text[0] in "=@+-\t" and _FORMULA.match(text):
                raise _BadRow(f"The {role} begins like a formula: {shown(text, longest=40)}")
            if "\n" in text.strip() or "\r" in text.strip():
                raise _BadRow(f"The {role} has several lines; give each line a column of its own.")

    def _country(self, said: str) -> str:
        said = said or self.terms.country
        found = self.terms.countries.get(said.casefold())
        if found is None:
            raise _BadRow(f"«{shown(said, longest=40)}» is no country." if said else "The row names no country.")
        return found

    def _place(self, country: str, region: str) -> tuple[str, str]:
        """The place of the law, and the region as the address writes it."""
        if country not in _STATED:
            return country, region
        place = self.terms.regions.get(f"{country} {region}".casefold(), "")
        if not place:
            said = f"«{shown(region, longest=40)}» is no" if region else "The row names no"
            raise _BadRow(f"{said} state or province of {country}.")
        return place, place.partition("-")[2]

    def _silent(self, cells: Sequence[str]) -> Why | None:
        if self._flag(cells, "do_not_contact"):
            return Why.DO_NOT_CONTACT
        return Why.RETURNED if self._flag(cells, "returned") else None

    def _flag(self, cells: Sequence[str], role: str) -> bool:
        said = self._cell(cells, role).casefold()
        if said in _NO:
            return False
        if said not in _YES:
            raise _BadRow(f"{role}: «{shown(said, longest=40)}» is neither yes nor no.")
        return True

    def _addressee(self, cells: Sequence[str], source: int, line: int, country: str, place: str, region: str) -> Addressee:
        postcode, city = self._cell(cells, "postcode").upper(), self._cell(cells, "city")
        if not fits(country, postcode):
            raise _BadRow(f"«{shown(postcode, longest=20)}» is no postcode of {country}; spreadsheets drop leading zeros.")
        language = self._language(self._cell(cells, "language"))
        reader = self._reader(cells)
        key = self._cell(cells, "key") or f"{source + 1}:{line}"
        return Addressee(
            country,
            postcode,
            source,
            line,
            key,
            place,
            language,
            reader.value,
            self._name(cells, country, language, reader),
            self._address(cells, country, city, region, postcode),
            self._reference(cells, source, line),
            self._cell(cells, "salutation"),
            tuple(part for each in self._cell(cells, "elements").split(";") if (part := each.strip())),
            self._email(cells),
        )

    def _language(self, said: str) -> str:
        if not said:
            return self.terms.language
        found = _LANGUAGE.fullmatch(said.casefold())
        if found is None:
            raise _BadRow(f"«{shown(said, longest=20)}» is no code of a language, such as en or de.")
        return found[1]

    def _reader(self, cells: Sequence[str]) -> Reader:
        if self._flag(cells, "deceased"):
            return Reader.NEXT_OF_KIN
        return Reader.GUARDIAN if self._flag(cells, "minor") else Reader.PERSON

    def _name(self, cells: Sequence[str], country: str, language: str, reader: Reader) -> str:
        name = self._cell(cells, "name") or full_name(self._cell(cells, "given"), self._cell(cells, "family"), country)
        if not name:
            raise _BadRow("The row has no name.")
        if reader is Reader.PERSON:
            return name
        return _TO.get(language, _TO["en"])[reader is Reader.NEXT_OF_KIN].format(name)

    def _address(self, cells: Sequence[str], country: str, city: str, region: str, postcode: str) -> tuple[str, ...]:
        streets = [text for role in ("street", "street2", "street3") if (text := self._cell(cells, role))]
        if not streets or not city:
            raise _BadRow("The address has no street." if not streets else "The address has no town.")
        town = town_lines(country, city=city, region=region, postcode=postcode)
        abroad = () if country == self.terms.home else (self.terms.lines[country],)
        return (*streets, *town, *abroad)

    def _reference(self, cells: Sequence[str], source: int, line: int) -> str:
        said = self._cell(cells, "reference")
        if not said:
            return f"{self.terms.prefix}-{source + 1:02d}-{line:07d}"
        if not _REFERENCE.fullmatch(said):
            raise _BadRow(f"The reference «{shown(said, longest=40)}» is not one word of 3 to 64 letters, digits and . _ -")
        return said

    def _email(self, cells: Sequence[str]) -> str:
        if not self._flag(cells, "by_email"):
            return ""
        said = self._cell(cells, "email")
        if not _EMAIL.fullmatch(said) or len(said) > 254:
            raise _BadRow(f"Agreed to e-mail, but «{shown(said, longest=60)}» is no address.")
        return said
