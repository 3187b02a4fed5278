"""What to put where so that reminders run by themselves: units for systemd, a line for cron, a line for a login script."""

import shlex
import sys
from pathlib import Path

_MINUTES = 5


def _command(vault: Path, *options: str) -> str:
    return shlex.join([sys.executable, "-m", "incident", "remind", "--vault", str(vault), *options])


def _for_systemd(vault: Path) -> str:
    """The command quoted as systemd reads it: a percent sign and a dollar are doubled."""
    return _command(vault).replace("%", "%%").replace("$", "$$")


def systemd_units(vault: Path) -> str:
    """A service and a timer of the user; `Persistent` catches up what was missed while the machine was off."""
    return f"""# ~/.config/systemd/user/incident-remind.service
[Unit]
Description=Reminders of incident

[Service]
Type=oneshot
ExecStart={_for_systemd(vault)}

# ~/.config/systemd/user/incident-remind.timer
[Unit]
Description=Reminders of incident, every {_MINUTES} minutes

[Timer]
OnCalendar=*:0/{_MINUTES}
OnStartupSec=1min
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl --user daemon-reload && systemctl --user enable --now incident-remind.timer
# and, so that it runs while nobody is logged in: loginctl enable-linger
"""


def cron_line(vault: Path) -> str:
    """A line for `crontab -e`: cron mails what is printed, and nothing is printed while nothing is due."""
    command = _command(vault).replace("%", "\\%")
    return f"*/{_MINUTES} * * * * {command}\n@reboot {command}"


def login_line(vault: Path) -> str:
    """A line for ~/.profile: it says what came due since the last time, and never keeps anybody from logging in."""
    return f"{_command(vault)} || true"
