"""The README is true: its commands exist, every command is in it, its targets are in the Makefile."""

import argparse
import re
import shlex
from pathlib import Path

from incident.cli.app import build_parser

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:sh|console)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [line.removeprefix("$ ").split(" #")[0].strip() for block in BLOCKS for line in block.splitlines()]


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def test_the_two_commands_come_first() -> None:
    assert README.index("make demo") < README.index("make test") < README.index("##")


def test_every_command_shown_is_understood() -> None:
    shown = [line for line in COMMANDS if line.startswith("incident ")]
    assert len(shown) >= 15
    for line in shown:
        words = shlex.split(line.split(" | ")[0].split(" < ")[0])[1:]
        args = build_parser().parse_args([re.sub(r"^-(\d+h)$", r"\1 ago", word) for word in words])
        assert callable(args.run), line


def test_every_command_is_in_the_readme() -> None:
    for name in commands_of(build_parser()):
        assert re.search(rf"`incident {name}\b|incident {name}\b", README), name


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_pictures_exist_and_the_changelog_names_this_version() -> None:
    from incident import __version__

    for path in re.findall(r"\]\(([^)]+\.(?:svg|png|md))\)", README):
        assert (ROOT / path).exists(), path
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
