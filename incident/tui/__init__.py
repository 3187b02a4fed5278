"""The screen: what to do now, whose it is, by when, and what is not known yet."""

from pathlib import Path


def run(vault: Path, *, sign_in: str = "", passphrase: str = "") -> int:
    """Open the screen on a vault (or on its creation); with a passphrase given, unlocked at once."""
    from incident.tui.app import LOCKED, IncidentApp
    from incident.tui.leaving import lock_and_replace

    app = IncidentApp(vault, sign_in=sign_in, passphrase=passphrase)
    app.run()
    if app.return_code == LOCKED:
        lock_and_replace(vault)
    return app.return_code or 0
