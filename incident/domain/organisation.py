"""The organisation's profile: entered once, asked again only where an incident differs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

STANDING_ANSWERS = ("offers_in_eea", "offers_in_uk", "card_data_contract")
"""Facts of single laws that hold for every incident of an organisation: `yes`, `no`, or empty while not said."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who we are in the eyes of the law and on paper. Roles and sectors are tokens of the fact vocabulary."""

    name: str
    legal_name: str = ""
    address: str = ""
    """Postal address, lines separated by newlines, the country last."""
    registration: str = ""
    website: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    dpo_name: str = ""
    dpo_email: str = ""
    dpo_phone: str = ""
    representative: str = ""
    timezone: str = "UTC"
    roles: tuple[str, ...] = ()
    sectors: tuple[str, ...] | None = None
    """None while nobody has said; an empty tuple says: none of them."""
    established_in: tuple[str, ...] | None = None
    lead_authority: str = ""
    size: str = ""
    offers_in_eea: str = ""
    """`yes` or `no`: goods or services offered to people there without an establishment; empty while nobody has said."""
    offers_in_uk: str = ""
    card_data_contract: str = ""
    """`yes` or `no`: whether a card scheme's contract applies to data we hold."""
    logo: str = ""
    """The logo as it stands at the head of documents: a checked picture as a `data:` address; empty for none."""
    keep_years: str = ""
    """Whole years that ended incidents are kept by our own rule; empty while there is none."""

    def facts(self) -> dict[str, object]:
        """The profile as fact values under their contract keys; what is not said is absent, hence unknown."""
        values: dict[str, object] = {"organisation.timezone": self.timezone}
        if self.roles:
            values["organisation.roles"] = list(self.roles)
        if self.sectors is not None:
            values["organisation.sectors"] = list(self.sectors)
        if self.established_in is not None:
            values["organisation.established_in"] = list(self.established_in)
        if self.lead_authority:
            values["organisation.lead_authority"] = self.lead_authority
        if self.size:
            values["organisation.size"] = self.size
        for key in STANDING_ANSWERS:
            if said := getattr(self, key):
                values[f"options.{key}"] = said == "yes"
        return values

    def sources(self) -> dict[str, object]:
        """The profile as sources for a notice's fields (`organisation.name`, `organisation.dpo_email` …)."""
        values: Mapping[str, object] = asdict(self)
        return {f"organisation.{key}": value for key, value in values.items() if isinstance(value, str) and key != "logo"}
