"""`incident risk`: ENISA severity, HIPAA's four factors, the States' question of harm — they advise, you decide."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.errors import shown

if TYPE_CHECKING:
    from incident.domain.risk import Enisa
    from incident.usecases.risk import Instruments

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_ADVICE = (
    "It advises and decides nothing: ENISA draws no duty from it, and an honest score agrees with the EDPB's verdict in "
    "12 of its 18 published cases."
)


def add(commands: "Commands") -> None:
    """Register `incident risk …`."""
    group = commands.add_parser("risk", help="severity, HIPAA's four factors, state harm tests: they advise, you decide")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    score = acts.add_parser("score", help="an ENISA severity from its inputs; needs no vault")
    _enisa_options(score)
    score.add_argument("--json", action="store_true", help="print one JSON document")
    score.set_defaults(run=_score)
    kept = acts.add_parser("enisa", parents=[incident_options()], help="keep an ENISA severity with the incident")
    _enisa_options(kept)
    kept.set_defaults(run=_enisa)
    hipaa = acts.add_parser("hipaa", parents=[incident_options()], help="keep an assessment of HIPAA's four factors")
    for name in ("nature", "recipient", "acquired", "mitigation"):
        hipaa.add_argument(f"--{name}", nargs=2, metavar=("RATING", "REASON"), help="low, medium or high, and why")
    hipaa.set_defaults(run=_hipaa)
    harm = acts.add_parser("harm", parents=[incident_options()], help="keep the answers to the States' question of harm")
    for name in ("misuse-seen", "wrongdoer", "usable", "not-recovered"):
        harm.add_argument(f"--{name}", choices=("yes", "no"), help="leave out what is not known")
    harm.add_argument("--investigation", default="", help="what was investigated, and what was found")
    harm.set_defaults(run=_harm)
    show = acts.add_parser("show", parents=[incident_options()], help="the instruments beside each other, and what was decided")
    show.set_defaults(run=_show)


def _enisa_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--context", required=True, help="1 to 4, or simple, behavioural, financial, sensitive")
    parser.add_argument("--identification", required=True, help="0.25, 0.5, 0.75 or 1")
    for name in ("confidentiality", "integrity", "availability"):
        parser.add_argument(f"--{name}", default="0", help="0, 0.25 or 0.5")
    parser.add_argument("--malicious", action="store_true", help="an attack, not an error")
    parser.add_argument("--reasons", default="", help="why these inputs")


def _inputs(args: argparse.Namespace) -> dict[str, object]:
    keys = ("context", "identification", "confidentiality", "integrity", "availability", "malicious", "reasons")
    return {key: getattr(args, key) for key in keys}


def _score(args: argparse.Namespace) -> int:
    from incident.domain.risk import enisa

    _print_score(enisa(_inputs(args)), as_json=args.json)
    return 0


def _enisa(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.risk import record_enisa

    with open_desk(args) as desk:
        score = record_enisa(desk, incident_of(desk, args), _inputs(args), now=clock.now())
    _print_score(score, as_json=args.json)
    return 0


_INPUTS = ("context", "identification", "confidentiality", "integrity", "availability")


def _print_score(score: "Enisa", *, as_json: bool) -> None:
    from incident.cli.output import print_json

    if as_json:
        print_json(
            {
                **{key: float(getattr(score, key)) for key in _INPUTS},
                "malicious": score.malicious,
                "reasons": score.reasons,
                "severity": float(score.severity),
                "band": score.band,
                "borderline": score.borderline,
                "usual_mapping": score.usual_mapping,
                "decides": False,
            }
        )
        return
    for line in score_lines(score):
        print(line)
    print(_ADVICE)


def score_lines(score: "Enisa") -> tuple[str, ...]:
    """A severity in words, with the arithmetic."""
    parts = (score.confidentiality, score.integrity, score.availability)
    circumstances = float(sum(parts)) + (0.5 if score.malicious else 0)
    near = f", a quarter step from {score.borderline.value.replace('_', ' ')}" if score.borderline else ""
    return (
        f"severity {float(score.severity)}: {score.band.value.replace('_', ' ')}{near}",
        f"  {score.context} × {float(score.identification)} + {circumstances}; usually read as: {score.usual_mapping}",
    )


def _hipaa(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.risk import record_four_factors

    said = {name: getattr(args, name) for name in ("nature", "recipient", "acquired", "mitigation")}
    ratings = {name: pair[0] for name, pair in said.items() if pair}
    reasons = {name: pair[1] for name, pair in said.items() if pair}
    with open_desk(args) as desk:
        found = record_four_factors(desk, incident_of(desk, args), ratings, reasons, now=clock.now())
    if args.json:
        print_json({"ratings": ratings, "reasons": reasons, "advice": found.advice, "decides": False})
    else:
        print(found.advice)
    return 0


def _harm(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.risk import record_harm

    said = {name: getattr(args, name) for name in ("misuse_seen", "wrongdoer", "usable", "not_recovered")}
    answers = {name: None if word is None else word == "yes" for name, word in said.items()}
    with open_desk(args) as desk:
        found = record_harm(desk, incident_of(desk, args), answers, args.investigation, now=clock.now())
    if args.json:
        print_json({"answers": answers, "investigation": args.investigation, "advice": found.advice, "decides": False})
    else:
        print(found.advice)
    return 0


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.risk import instruments

    with open_desk(args) as desk:
        found = instruments(desk, incident_of(desk, args))
    if args.json:
        print_json(_document(found))
        return 0
    _print_instruments(found)
    return 0


def _print_instruments(found: "Instruments") -> None:
    print("ENISA severity" + (f" ({found.made['instrument.enisa']})" if found.enisa else ": not scored"))
    for line in score_lines(found.enisa) if found.enisa else ():
        print(f"  {line}")
    print(
        "HIPAA, four factors"
        + (f" ({found.made['instrument.hipaa']})" if found.hipaa else ": not assessed; a breach is presumed")
    )
    if found.hipaa:
        for name, rating in found.hipaa.ratings.items():
            print(f"    {name}: {rating} — {shown(found.hipaa.reasons.get(name, ''))}")
        print(f"  {found.hipaa.advice}")
    print("State laws, harm" + (f" ({found.made['instrument.harm']})" if found.harm else ": not assessed"))
    if found.harm:
        print(f"  {found.harm.advice}")
    print("\nDecided by people")
    for key, text in found.decided.items():
        print(f"  {key}: {shown(text)}")
    if not found.decided:
        print("  nothing yet: `incident fact set risk.individuals … --basis …`")
    print(f"\n{_ADVICE}")


def _document(found: "Instruments") -> dict[str, object]:
    score = found.enisa
    return {
        "enisa": {"severity": float(score.severity), "band": score.band, "borderline": score.borderline} if score else None,
        "hipaa": {"ratings": found.hipaa.ratings, "reasons": found.hipaa.reasons, "advice": found.hipaa.advice}
        if found.hipaa
        else None,
        "harm": {"answers": found.harm.answers, "investigation": found.harm.investigation, "advice": found.harm.advice}
        if found.harm
        else None,
        "made": found.made,
        "decided": found.decided,
        "decides": False,
    }
