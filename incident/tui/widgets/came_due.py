"""The notice of what came due while nobody had the screen open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.widgets import Static

from incident.domain.duty_clock import span

_MOST = 4


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing whose date passed: of which incident, what, when."""

    incident: str
    title: str
    due_at: datetime


class CameDueNotice(Static):
    """Hidden while nothing came due."""

    def __init__(self) -> None:
        super().__init__("", id="came-due", markup=False)

    def tell(self, passed: Sequence[Passed], since: datetime, now: datetime, zone: str) -> None:
        """Say what came due since then, the first few by name."""
        local = ZoneInfo(zone)
        place = zone.rsplit("/", 1)[-1].replace("_", " ")
        lines = [f"Came due while this was closed (since {since.astimezone(local):%d %b %H:%M} {place}) and still open:"]
        for each in passed[:_MOST]:
            ago = span(int((now - each.due_at).total_seconds()))
            lines.append(f"  {each.due_at.astimezone(local):%d %b %H:%M}, {ago} ago: {each.incident}: {each.title}")
        if len(passed) > _MOST:
            lines.append(f"  and {len(passed) - _MOST} more: open the incident to see them")
        self.update("\n".join(lines))
        self.add_class("shown")
