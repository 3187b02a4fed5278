"""`incident review`: answer its questions, keep action items, write it in every form."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of
from incident.cli.review_findings import add_findings, day, print_findings
from incident.errors import RefusedError

if TYPE_CHECKING:
    from incident.usecases.review import ReviewView

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident review …`."""
    review = commands.add_parser("review", help="the post-incident review: answers, action items, report")
    acts = review.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", parents=[incident_options()], help="answers, durations, margins, action items")
    show.set_defaults(run=_show)
    answer = acts.add_parser("answer", parents=[incident_options()], help="answer one of its questions")
    answer.add_argument("question", help="how_it_happened, how_detected, what_could_have_prevented …")
    answer.add_argument("text")
    answer.set_defaults(run=_answer)
    action = acts.add_parser("action", parents=[incident_options()], help="add an action item")
    action.add_argument("title")
    action.add_argument("--owner", required=True)
    action.add_argument("--due", required=True, metavar="DAY", help="YYYY-MM-DD")
    action.add_argument("--kind", default="prevent", choices=["prevent", "detect", "mitigate", "process"])
    action.set_defaults(run=_action)
    done = acts.add_parser("done", parents=[incident_options()], help="an action item is done")
    done.add_argument("number", type=int)
    done.add_argument("--outcome", default="")
    done.set_defaults(run=_done)
    add_findings(acts)
    advance = acts.add_parser("advance", parents=[incident_options()], help="draft → in_review → reviewed → closed")
    advance.add_argument("state", choices=["draft", "in_review", "reviewed", "closed"])
    advance.set_defaults(run=_advance)
    write = acts.add_parser(
        "write", parents=[incident_options()], help="write it: PDF, Word, HTML, Markdown, JSON, one page, a slide"
    )
    write.add_argument("--to", type=Path, default=Path(), metavar="FOLDER")
    write.add_argument(
        "--profile",
        default="regulator",
        choices=["privileged", "regulator", "customer", "public"],
        help="for whom: what is left out, and the stamp that says so (else regulator: no privileged lines)",
    )
    write.set_defaults(run=_write)


def _show(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.review import review_view

    with open_desk(args) as desk:
        view = review_view(desk, incident_of(desk, args), now=clock.now())
    if args.json:
        print_json(view)
    else:
        _print(view)
    return 0


def _print(view: "ReviewView") -> None:
    from incident.cli.output import print_table
    from incident.domain.metrics import event_label
    from incident.domain.review import REVIEW_QUESTIONS, duration_text

    answers = view.review.answers if view.review else {}
    for key, question in REVIEW_QUESTIONS:
        print(f"{question}  [{key}]\n  {answers.get(key) or '— not answered yet'}\n")
    print_findings(view)
    print_table(
        ("duration", "from – to", ""),
        [
            (
                each.name,
                f"{event_label(each.from_event)} – {event_label(each.to_event)}",
                duration_text(each.took) if each.took is not None else each.note,
            )
            for each in view.metrics
        ],
    )
    print()
    print_table(
        ("duty", "how it was met"),
        [(each.title, each.met) for each in view.margins],
    )
    print()
    rows = [(str(n), each.title, str(each.due_on), "done" if each.done_at else "open") for n, each in enumerate(view.items, 1)]
    print_table(("no", "action item", "due", ""), rows)


def _answer(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.review import answer_review

    with open_desk(args) as desk:
        made = answer_review(desk, incident_of(desk, args), {args.question: args.text}, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print("Written.")
    return 0


def _action(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.review import ActionKind
    from incident.usecases.action_items import add_action_item

    due_on = day(args.due)
    kind = ActionKind(args.kind)
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        made = add_action_item(desk, incident, args.title, owner=args.owner, due_on=due_on, kind=kind, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"«{made.title}» by {made.due_on}.")
    return 0


def _done(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.action_items import action_items, finish_action_item

    with open_desk(args) as desk:
        items = action_items(desk, incident_of(desk, args))
        if not 1 <= args.number <= len(items):
            raise RefusedError(f"There is no action item {args.number}.", "`incident review show` numbers them.")
        made = finish_action_item(desk, items[args.number - 1].id, outcome=args.outcome, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"Done: {made.title}")
    return 0


def _advance(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.review import ReviewState
    from incident.usecases.review import advance_review

    with open_desk(args) as desk:
        made = advance_review(desk, incident_of(desk, args), ReviewState(args.state), now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"The review is {made.state.value.replace('_', ' ')}.")
    return 0


def _write(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.review_report import write_review

    with open_desk(args) as desk:
        profile, zone = Profile(args.profile), zone_of(desk)
        paths = write_review(desk, incident_of(desk, args), args.to, now=clock.now(), zone=zone, profile=profile)
    if args.json:
        print_json(paths)
    else:
        for path in paths:
            print(path)
    return 0
