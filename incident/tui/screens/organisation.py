"""The organisation's profile: entered once."""

from dataclasses import asdict, replace
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from incident.domain.organisation import Organisation
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.desk import organisation
from incident.usecases.people import logo_from, save_organisation

_LABELS = {
    "name": "Name",
    "legal_name": "Legal name, as on letters",
    "address": "Postal address",
    "registration": "Register and number",
    "website": "Website",
    "contact_name": "Contact point",
    "contact_email": "Contact e-mail",
    "contact_phone": "Contact telephone",
    "dpo_name": "Data protection officer",
    "dpo_email": "Their e-mail",
    "dpo_phone": "Their telephone",
    "representative": "Representative in the EEA (Art. 27)",
    "timezone": "Time zone of its days",
    "roles": "Capacities in law: controller, processor, covered_entity, business_associate …",
    "sectors": "Sectors: bank, insurer … (none: says that none applies; blank: not said)",
    "established_in": "Established in: DE, FR, US … (none: nowhere in the EEA; blank: not said)",
    "lead_authority": "Lead supervisory authority (place code)",
    "size": "Size, where a law distinguishes: small or large",
    "offers_in_eea": "Offers to people in the EEA without an establishment: yes or no",
    "offers_in_uk": "The same for the United Kingdom: yes or no",
    "card_data_contract": "A card scheme's contract applies: yes or no",
}
_LISTS = ("roles", "sectors", "established_in")


class OrganisationScreen(BaseScreen):
    """Who we are in the eyes of the law and on paper."""

    TITLE = "Organisation"
    BINDINGS = [
        Binding("e", "edit", "edit", id="organisation.edit", tooltip="Change the profile"),
        Binding("escape", "app.pop_screen", "back", id="organisation.back"),
    ]

    def compose(self) -> ComposeResult:
        """One page."""
        yield Static("The organisation's profile", classes="head")
        with VerticalScroll(id="page"):
            yield Static("", id="text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read and show."""
        self.reload()
        self.query_one("#page").focus()

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        values = self._values(organisation(self.desk))
        logo = "kept" if organisation(self.desk).logo else "none"
        values["logo"] = logo
        lines = [
            Content.assemble((f"{label}: ", "$secondary"), values[key] or "—")
            for key, label in {**_LABELS, "logo": "Logo"}.items()
        ]
        self.query_one("#text", Static).update(Content("\n").join(lines))

    def _values(self, profile: Organisation) -> dict[str, str]:
        values: dict[str, str] = {}
        for key, value in asdict(profile).items():
            if key == "logo":
                continue
            values[key] = "" if value is None else ", ".join(value) or "none" if isinstance(value, tuple) else str(value)
        if not profile.roles:
            values["roles"] = ""
        return values

    def action_edit(self) -> None:
        """All of it in one form."""
        profile = organisation(self.desk)
        values = self._values(profile)
        fields = tuple(
            FormField(key, label, Kind.PROSE if key == "address" else Kind.LINE, value=values[key])
            for key, label in _LABELS.items()
        )

        fields = (*fields, FormField("logo", "Logo: a PNG, JPEG or SVG file (blank: as it is; none: without)"))

        def accept(typed: dict[str, str]) -> object:
            logo = typed.pop("logo").strip()
            changed: dict[str, object] = {key: text.strip() for key, text in typed.items() if key not in _LISTS}
            if logo:
                changed["logo"] = "" if logo == "none" else logo_from(Path(logo).expanduser())
            for key in _LISTS:
                changed[key] = self._listed(typed[key], unsaid=() if key == "roles" else None)
            return save_organisation(self.desk, replace(profile, **changed), now=self.now())  # type: ignore[arg-type]

        self.ask("Organisation", fields, accept)

    def _listed(self, text: str, *, unsaid: object) -> object:
        if not text.strip():
            return unsaid
        return () if text.strip() == "none" else tuple(each.strip() for each in text.split(",") if each.strip())
