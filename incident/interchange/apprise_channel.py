"""Sends one message to one address by the library apprise: desktop, mail, chat, webhook. It is an extra, loaded when needed.

What is sent is text that somebody else wrote for the outside; nothing is attached, and of an address only its kind and host
are shown.
"""

import logging
from importlib.util import find_spec
from typing import Any

from incident.errors import ContentError, RefusedError, shown

_LACKING = "Channels need the library apprise, which is not installed."
_INSTALL = "`pip install 'incident[remind]'`; without it `incident remind` prints, and cron mails what is printed."
_NO_ADDRESS = (
    "Write it as apprise does: mailtos://user:password@example.org, dbus://, slack://…, json://host/path "
    "(`incident remind channel add --help`)."
)


def require_apprise() -> None:
    """Raise RefusedError, naming the extra, where the library is not installed."""
    if find_spec("apprise") is None:
        raise RefusedError(_LACKING, _INSTALL)


def check_address(url: str) -> str:
    """The address as it may be shown; ContentError for one that apprise does not understand."""
    if _address(url) is None:
        raise ContentError(f"«{shown(url.split('://')[0], longest=20)}://…» is no address that can be reached.", _NO_ADDRESS)
    return safe_address(url)


def safe_address(url: str) -> str:
    """Kind and host of an address, without user, password, path and token."""
    kind, _, rest = url.partition("://")
    host = rest.split("/")[0].split("?")[0].rpartition("@")[2] if kind in _WITH_HOST else ""
    return f"{kind}://{host or '…' if rest else ''}"


_WITH_HOST = frozenset({"json", "jsons", "form", "forms", "xml", "xmls", "mailto", "mailtos", "ntfy", "ntfys"})


def send(url: str, title: str, text: str) -> str:
    """Send a message; why it was not taken, empty when it was."""
    require_apprise()
    heard = _Heard()
    log = logging.getLogger("apprise")
    log.addHandler(heard)
    was, log.propagate = log.propagate, False
    try:
        channel = _address(url)
        if channel is None:
            return "the address is not understood"
        if channel.notify(body=text, title=title):
            return ""
        return heard.last or "it was not taken"
    except Exception as error:  # noqa: BLE001 - whatever a plug-in raises, the other channels are still served
        return type(error).__name__
    finally:
        log.removeHandler(heard)
        log.propagate = was


def _address(url: str) -> Any:
    require_apprise()
    import apprise

    return apprise.Apprise.instantiate(url, suppress_exceptions=True)


class _Heard(logging.Handler):
    """Keeps the last complaint of the library, which names the answer of the other side."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, on one line."""
        if record.levelno >= logging.WARNING:
            self.last = shown(" ".join(record.getMessage().split()), longest=160).rstrip(".")
