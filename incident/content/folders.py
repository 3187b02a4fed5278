"""Where content lives: the user's folder first, then what the wheel carries, then the source tree.

Playbooks and notice templates are the user's to edit, so a file of the same name in the user's folder
wins. The law comes from the package; beside it stand regimes of the user's own, such as contracts.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def user_folder() -> Path:
    """The folder of the user's own playbooks and templates (INCIDENT_CONTENT, else the configuration folder)."""
    if chosen := os.environ.get("INCIDENT_CONTENT"):
        return Path(chosen)
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "incident"


def shipped_folder(kind: str) -> Path:
    """The shipped folder `playbooks` or `notice_templates`: in the wheel, else beside the package in the source tree."""
    packaged = PACKAGE / "_content" / kind
    return packaged if packaged.is_dir() else PACKAGE.parent / kind


def content_folders(kind: str) -> tuple[Path, ...]:
    """The folders to look in for `playbooks` or `notice_templates`, the first that has a name wins."""
    return tuple(path for path in (user_folder() / kind, shipped_folder(kind)) if path.is_dir())


def regimes_folder() -> Path:
    """The folder of the law as data."""
    return PACKAGE / "regimes"


def regime_folders() -> tuple[Path, ...]:
    """The law as shipped, then the user's own regimes; a shipped one is never replaced."""
    return tuple(path for path in (regimes_folder(), user_folder() / "regimes") if path.is_dir())
