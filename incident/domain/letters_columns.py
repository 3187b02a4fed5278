"""The columns of a recipients' file: what each role is called in the files people have, and which column fills it here.

A column is recognised by its name, or named by hand (`--map city=Ort`). Two columns with one name, or two for one role, are
refused: a guess could put one person's address under another's name.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incident.errors import ContentError, shown

ROLES: Mapping[str, str] = {
    "key": "id, kundennummer, customer id, customer number, record id, nummer, identifiant, numero",
    "name": "full name, vollstandiger name, name, nom complet, nombre completo, recipient, empfanger",
    "given": "first name, given name, firstname, vorname, prenom, nombre, given names",
    "family": "last name, family name, surname, lastname, nachname, nom, apellidos, apellido",
    "street": "address, address 1, address line 1, street, street address, strasse, anschrift, adresse, direccion, rue",
    "street2": "address 2, address line 2, adresszusatz, complement, street 2",
    "street3": "address 3, address line 3, street 3",
    "postcode": "zip, zip code, postal code, postcode, plz, postleitzahl, code postal, codigo postal",
    "city": "town, city, ort, stadt, ville, ciudad, localidad, wohnort",
    "region": "state, province, region, county, bundesland, provincia, us state",
    "country": "country, country code, land, pays, pais, staat",
    "language": "language, sprache, langue, idioma, locale, lang",
    "salutation": "salutation, greeting, anrede zeile, briefanrede",
    "elements": "elements, data elements, data kinds, datenarten, kinds of data",
    "email": "email, e mail, mail, e mail address, email address",
    "by_email": "email consent, e mail consent, opt in, email opt in, by email",
    "minor": "minor, child, minderjahrig, is minor",
    "deceased": "deceased, verstorben, decede, fallecido",
    "do_not_contact": "do not contact, dnc, no contact, nicht kontaktieren",
    "returned": "returned, returned mail, undeliverable, mail returned, ruckläufer, rucklaufer",
    "reference": "reference, our reference, aktenzeichen, unser zeichen",
}
"""Role → names by which it is recognised (without accents, in small letters)."""
_NAMES = {name.strip(): role for role, names in ROLES.items() for name in (role.replace("_", " "), *names.split(","))}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (from 0) fills which role, in a file with this header."""

    header: tuple[str, ...]
    index: Mapping[str, int]

    @property
    def named(self) -> dict[str, str]:
        """Role → name of the column."""
        return {role: self.header[at] for role, at in sorted(self.index.items())}

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that fill no role; nothing of them is used."""
        used = set(self.index.values())
        return tuple(name for at, name in enumerate(self.header) if at not in used and name)


def folded(name: str) -> str:
    """A column's name as it is compared: small letters, no accents, words apart."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.casefold()).split())


def columns_of(header: Sequence[str], mapping: Mapping[str, str], *, named: str) -> Columns:
    """The columns of a file (`named` in messages), recognised or as mapped; raises ContentError when it cannot be told."""
    names = tuple(each.strip() for each in header)
    _refuse_twins(names, named)
    index = _mapped(names, mapping, named)
    taken = set(index.values())
    for at, name in enumerate(names):
        role = _NAMES.get(folded(name))
        if role is None or at in taken or role in mapping:
            continue
        if role in index:
            twins = f"«{shown(names[index[role]], longest=40)}» and «{shown(name, longest=40)}»"
            raise ContentError(f"{named}: {twins} could both be {role}.", f"Say which: --map {role}=COLUMN.")
        index[role] = at
    _refuse_lacking(index, names, named)
    return Columns(names, index)


def _refuse_twins(names: tuple[str, ...], named: str) -> None:
    seen: set[str] = set()
    for name in filter(None, map(folded, names)):
        if name in seen:
            raise ContentError(f"{named}: two columns are called «{shown(name, longest=60)}».", "Give each a name of its own.")
        seen.add(name)


def _mapped(names: tuple[str, ...], mapping: Mapping[str, str], named: str) -> dict[str, int]:
    index: dict[str, int] = {}
    by_name = {folded(name): at for at, name in enumerate(names)}
    for role, column in mapping.items():
        if role not in ROLES:
            raise ContentError(f"«{shown(role, longest=40)}» is no role of a column.", f"Roles: {', '.join(ROLES)}.")
        if folded(column) not in by_name:
            raise ContentError(
                f"{named}: there is no column «{shown(column, longest=60)}».", "Take a name from its first line."
            )
        index[role] = by_name[folded(column)]
    return index


def _refuse_lacking(index: Mapping[str, int], names: tuple[str, ...], named: str) -> None:
    if not index:
        raise ContentError(
            f"{named}: the first line names no column that is known here, so it is no header.",
            "Put a line with the columns' names first, or name them: --map name=COLUMN.",
        )
    lacking = [role for role in ("street", "city") if role not in index]
    if "name" not in index and "family" not in index:
        lacking.insert(0, "name")
    if lacking:
        seen = shown(", ".join(filter(None, names)), longest=200)
        raise ContentError(
            f"{named}: no column for {', '.join(lacking)}; its columns are {seen}.",
            f"Name it: {' '.join(f'--map {role}=COLUMN' for role in lacking)}.",
        )
