"""`incident organisation`: the profile entered once — names for paper, roles in law, zone, contacts."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_TEXTS = (
    ("legal_name", "the full legal name"),
    ("address", "postal address, lines separated by `;`"),
    ("registration", "register and number"),
    ("website", "web address"),
    ("contact_name", "contact point's name"),
    ("contact_email", "contact point's e-mail"),
    ("contact_phone", "contact point's telephone"),
    ("dpo_name", "data protection officer's name"),
    ("dpo_email", "data protection officer's e-mail"),
    ("dpo_phone", "data protection officer's telephone"),
    ("representative", "representative in the EEA (Art. 27 GDPR)"),
    ("timezone", "zone in which days are counted, for example Europe/Berlin"),
    ("lead_authority", "place code of the lead supervisory authority, for example DE"),
    ("size", "small or large, where a law distinguishes"),
    ("offers_in_eea", "yes or no: offers to people in the EEA without an establishment there"),
    ("offers_in_uk", "yes or no: the same for the United Kingdom"),
    ("card_data_contract", "yes or no: a card scheme's contract applies to data we hold"),
)
_LISTS = (
    ("roles", "roles in law: controller, processor, covered_entity, business_associate …"),
    ("sectors", "sectors: bank, insurer …; `none` says that none applies"),
    ("established_in", "places of establishment: DE, FR, US; `none` for nowhere in the EEA"),
)


def add(commands: "Commands") -> None:
    """Register `incident organisation …`."""
    group = commands.add_parser("organisation", help="the organisation's profile, entered once")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", parents=[vault_options()], help="the profile as it stands")
    show.set_defaults(run=_show)
    change = acts.add_parser("set", parents=[vault_options()], help="change parts of the profile")
    change.add_argument("--name", help="the organisation's name")
    for key, text in (*_TEXTS, *_LISTS):
        change.add_argument(f"--{key.replace('_', '-')}", dest=key, metavar="TEXT", help=text)
    change.add_argument("--logo", metavar="FILE", help="PNG, JPEG or SVG for the head of documents; `none` takes it away")
    change.set_defaults(run=_set)


def _show(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from incident.cli.output import print_json, print_table
    from incident.usecases.desk import organisation

    with open_desk(args) as desk:
        profile = organisation(desk)
    if args.json:
        print_json(profile)
        return 0
    rows = []
    for key, value in asdict(profile).items():
        shown = "not said" if value is None else ", ".join(value) or "none" if isinstance(value, tuple) else value
        shown = f"a picture of {len(shown) * 3 // 4:,} bytes" if key == "logo" and shown else shown
        rows.append((key.replace("_", " "), shown.replace("\n", "; ") or "—"))
    print_table(("profile", ""), rows)
    return 0


def _set(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from incident import clock
    from incident.usecases.desk import organisation
    from incident.usecases.people import save_organisation

    changed: dict[str, object] = {"name": args.name} if args.name else {}
    for key, _ in _TEXTS:
        if (text := getattr(args, key)) is not None:
            changed[key] = "\n".join(part.strip() for part in text.split(";")) if key == "address" else text.strip()
    for key, _ in _LISTS:
        if (text := getattr(args, key)) is not None:
            changed[key] = () if text.strip() == "none" else tuple(each.strip() for each in text.split(",") if each.strip())
    if args.logo is not None:
        from pathlib import Path

        from incident.usecases.people import logo_from

        changed["logo"] = "" if args.logo == "none" else logo_from(Path(args.logo))
    with open_desk(args) as desk:
        profile = replace(organisation(desk), **changed)  # type: ignore[arg-type]
        save_organisation(desk, profile, now=clock.now())
    print("The profile is saved.")
    return 0
