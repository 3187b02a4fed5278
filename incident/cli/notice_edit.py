"""`incident notice edit`: a field's words from the command line, a file, or the writer's own editor."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, open_desk
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    from incident.usecases.desk import Desk
    from incident.usecases.notices import Draft


def edit_arguments(act: argparse.ArgumentParser) -> None:
    """The arguments of `incident notice edit`."""
    act.add_argument("field")
    act.add_argument("text", nargs="?", help="the new words (`a, b` for choices); left out: follow the facts again")
    way = act.add_mutually_exclusive_group()
    way.add_argument("--file", type=Path, help="read the words from a file")
    way.add_argument("--editor", action="store_true", help="write them in $EDITOR; what it saves is kept while it is open")
    act.set_defaults(run=edit)


def edit(args: argparse.Namespace) -> int:
    """Write a field, and print the notice as it stands then."""
    from incident import clock
    from incident.cli.notice_output import print_draft
    from incident.cli.notice_value import typed_value
    from incident.cli.output import print_json
    from incident.usecases.notices import edit_field, notices

    text = _from_file(args.file) if args.file is not None else args.text
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        found = notices(desk, incident, now=clock.now())
        if not 1 <= args.number <= len(found):
            raise RefusedError(f"{incident.reference} has no notice {args.number}.", "`incident notice list` numbers them.")
        draft = found[args.number - 1]
        if args.editor:
            text = _in_editor(desk, draft, args.field)
        field = draft.template.field_named(args.field)
        value: object = text
        if field is not None and text is not None:
            value = typed_value(field, text, now=clock.now(), zone=draft.zone)
        draft = edit_field(desk, draft.notice.id, args.field, value, now=clock.now())
    if args.json:
        print_json(draft)
    else:
        print_draft(draft)
    return 0


def _from_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}.", "Name a UTF-8 text file.") from error


def _in_editor(desk: "Desk", draft: "Draft", key: str) -> str | None:
    """What the writer left in the editor; None (the field follows the facts) for an emptied text."""
    from incident import clock
    from incident.usecases.editor_text import edited_in_editor
    from incident.usecases.unsaved_text import forget_unsaved, keep_unsaved, unsaved

    held = draft.notice.fields.get(key)
    if held is None or not (held.value is None or isinstance(held.value, str)):
        known = ", ".join(each.key for each in draft.template.fields)
        raise ContentError(f"«{key}» is no text of «{draft.template.title}».", f"Its fields are: {known}.")
    standing = held.whole or str(held.value or "")
    waiting = unsaved(desk, draft.notice.id).get(key)
    if waiting is not None:
        print(f"incident: this is what you wrote at {waiting.at:%Y-%m-%d %H:%M} UTC and did not record.", file=sys.stderr)

    def keep(text: str) -> None:
        keep_unsaved(desk, draft.notice.id, key, text, now=clock.now())

    text = edited_in_editor(waiting.text if waiting is not None else standing, key, keep)
    if text == standing:
        forget_unsaved(desk, draft.notice.id, key, now=clock.now())
        raise RefusedError("Nothing was changed in the editor.", "The field stays as it is.")
    keep(text)
    return text if text.strip() else None
