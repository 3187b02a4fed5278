"""Screens by name; they know each other by these names only, and are loaded when first shown."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.screen import Screen


def _screen(module: str, name: str) -> Callable[..., Screen[Any]]:
    def make(**given: Any) -> Screen[Any]:
        kind = getattr(import_module(f"incident.tui.screens.{module}"), name)
        made: Screen[Any] = kind(**given)
        return made

    return make


SCREENS: dict[str, Callable[..., Screen[Any]]] = {
    "first-run": _screen("first_run", "FirstRunScreen"),
    "unlock": _screen("unlock", "UnlockScreen"),
    "board": _screen("board", "BoardScreen"),
    "incident": _screen("incident", "TheIncidentScreen"),
    "mine": _screen("mine", "MineScreen"),
    "playbooks": _screen("playbooks", "PlaybooksScreen"),
    "facts": _screen("facts", "FactsScreen"),
    "clocks": _screen("clocks", "ClocksScreen"),
    "questions": _screen("questions", "QuestionsScreen"),
    "risk": _screen("risk", "RiskScreen"),
    "team": _screen("team", "TeamScreen"),
    "notices": _screen("notices", "NoticesScreen"),
    "notice": _screen("notice", "NoticeScreen"),
    "letters": _screen("letters", "LettersScreen"),
    "writing": _screen("writing", "WritingScreen"),
    "copying": _screen("copying", "CopyingScreen"),
    "timeline": _screen("timeline", "TimelineScreen"),
    "evidence": _screen("evidence", "EvidenceScreen"),
    "review": _screen("review", "ReviewScreen"),
    "ready": _screen("ready", "ReadyScreen"),
    "organisation": _screen("organisation", "OrganisationScreen"),
}
