"""An item of evidence in full: its hash in groups of eight, and every act upon it. User text is never read as markup."""

from collections.abc import Mapping
from uuid import UUID

from textual.content import Content

from incident.domain.evidence import CustodyTransfer, EvidenceItem, EvidenceState, grouped, size_text
from incident.tui.widgets.texts import local

STATE_SIGNS = {
    EvidenceState.KEPT: "kept",
    EvidenceState.SEALED: "sealed",
    EvidenceState.DAMAGED: "DAMAGED",
    EvidenceState.DESTROYED: "destroyed",
}


def custody_page(item: EvidenceItem, people: Mapping[UUID, str], zone: str) -> Content:
    """The item and its chain of custody, the oldest act first."""
    bad = item.state is EvidenceState.DAMAGED
    parts: list[Content | tuple[str, str] | str] = [
        (f"{item.number} · {item.name}\n", "bold"),
        (STATE_SIGNS[item.state], "bold $error" if bad else "$secondary"),
        (f" · {size_text(item.size)} ({item.size:,} bytes) · {item.media_type}\n", "$secondary"),
    ]
    for label, text in (("Held by", item.holder or "this vault"), ("Source", item.source), ("Note", item.note)):
        if text:
            parts += [(f"{label}: ", "bold"), text, "\n"]
    parts += [("SHA-256: ", "bold"), grouped(item.sha256), "\n\n", ("Chain of custody\n", "bold")]
    for each in item.custody:
        parts += [_line(item, each, people, zone), "\n"]
    return Content.assemble(*parts)


def _line(item: EvidenceItem, act: CustodyTransfer, people: Mapping[UUID, str], zone: str) -> Content:
    to = f" → {act.to_whom}" if act.to_whom else ""
    note = f": {act.note}" if act.note else ""
    same = Content.styled(" ✔ same hash", "$success") if act.sha256 == item.sha256 else Content("")
    when = Content.styled(f"{local(act.at, zone)}  ", "$secondary")
    return Content.assemble(when, f"{act.act.value} by {people.get(act.by, 'nobody')}{to}{note}", same)
