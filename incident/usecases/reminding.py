"""Reminding while the vault is locked: read the sealed file, send what is pending, record it, say how things stand.

Opens no database and asks for no passphrase. Each rung is told once on each channel; what was missed while nothing ran is
caught up in one message per incident; nothing is sent that cannot be recorded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from incident.domain.reminder import Channel, Pending, Standing, pending, standing
from incident.domain.reminder_text import Schedule
from incident.domain.responder import Role
from incident.errors import ContentError, RefusedError, StoreError
from incident.interchange.apprise_channel import check_address, require_apprise, safe_address, send
from incident.store.reminder_file import ReminderFile, is_behind
from incident.store.reminder_key import ReminderPlace
from incident.store.reminder_record import SentRecord, failing_channels, held_record, last_held_at
from incident.store.vault import read_header

PRINTED = Channel("printed")
"""What stands on standard output, which cron mails."""
_TITLE = "incident"
_TEST = "This is a test of the reminders of incident. Nothing is due."
_SLACK = timedelta(minutes=15)
_BACK = timedelta(minutes=5)
_IDLE = timedelta(hours=1)

Printer = Callable[[str], None]
"""Prints a line for good: what it printed stands where it is read."""
Post = Callable[[str, str, str], str]
"""Sends (address, title, text); why it was not taken, empty when it was."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message that was sent, or was not: on which channel, what, and why not."""

    channel: str
    text: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel as it may be shown."""

    number: int
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """One vault's reminders on this machine."""

    vault: Path
    vault_id: str

    @property
    def place(self) -> ReminderPlace:
        """Where this machine keeps key, channels and record."""
        return ReminderPlace(self.vault_id)

    def schedule(self) -> Schedule:
        """What is to be reminded of; StoreError where reminders are off or do not open."""
        return ReminderFile(self.vault, self.vault_id, self.place.key()).read()


def reminders_of(vault: Path) -> Reminders:
    """The reminders of the vault in this folder; StoreError for a folder that is none."""
    return Reminders(vault, str(read_header(vault)["id"]))


def remind(reminders: Reminders, *, now: datetime, printer: Printer | None = None, post: Post = send) -> tuple[Told, ...]:
    """Send what is pending on every channel, each rung once; with a `printer`, what it prints is one of them.

    A channel that does not take a message is tried again at the next call; the others are not held up.
    """
    watched, place = reminders.schedule().watched, reminders.place
    addresses = {each["key"]: each for each in place.channels()}
    channels = [Channel(key, each["role"]) for key, each in addresses.items()] + ([PRINTED] if printer is not None else [])
    if addresses:
        require_apprise()

    def deliver(channel: Channel, text: str) -> tuple[str, str]:
        if channel.key in addresses:
            url = addresses[channel.key]["url"]
            return safe_address(url), post(url, _TITLE, text)
        if printer is not None:
            printer(text)
        return PRINTED.key, ""

    with held_record(place.folder) as record:
        found = tuple(pending(watched, channels, record.is_sent, now=now))
        told = tuple(_tell(each, deliver, record, now=now) for each in found)
        record.shorten(now=now)
    return told


def _tell(each: Pending, deliver: Callable[[Channel, str], tuple[str, str]], record: SentRecord, *, now: datetime) -> Told:
    key = each.channel.key
    text = each.text(now, repeated=record.was_begun(key, each.rungs))
    record.begin(key, each.rungs, now=now)
    address, trouble = deliver(each.channel, text)
    (record.failed if trouble else record.sent)(key, each.rungs, now=now)
    return Told(address, text, trouble)


def how_it_stands(reminders: Reminders, *, now: datetime) -> Standing:
    """The state for a monitoring system. Sends nothing and records nothing."""
    schedule = reminders.schedule()
    return standing(schedule.watched, now=now, doubts=tuple(_doubts(reminders, schedule, now)))


def _doubts(reminders: Reminders, schedule: Schedule, now: datetime) -> list[str]:
    found = []
    if is_behind(reminders.vault, _SLACK):
        found.append("the vault changed after the reminders were computed: open it once")
    if schedule.made_at - now > _BACK:
        found.append("the clock was set back, or was wrong before")
    failing = failing_channels(reminders.place.folder)
    found += [
        f"{safe_address(each['url'])} does not take its reminders"
        for each in reminders.place.channels()
        if each["key"] in failing
    ]
    looked = last_held_at(reminders.place.folder)
    if reminders.place.channels() and (looked is None or now - looked > _IDLE):
        found.append("channels are set and nothing has reminded for an hour: is the timer running?")
    return found


def try_channels(reminders: Reminders, *, now: datetime, post: Post = send) -> tuple[Told, ...]:
    """Try everything a reminder needs: the key, the sealed file, the record, and a test message on every channel."""
    watched = reminders.schedule().watched
    dues = sum(len(each.dues) for each in watched)
    lines = [Told("sealed file", f"opens with this machine's key; incidents: {len(watched)}, dates: {dues}.")]
    with held_record(reminders.place.folder) as record:
        record.begin("test", ("test",), now=now)
        record.sent("test", ("test",), now=now)
    lines.append(Told("record of what was sent", "can be written."))
    channels = reminders.place.channels()
    lines += [Told(safe_address(each["url"]), "took the test message.", post(each["url"], _TITLE, _TEST)) for each in channels]
    if not channels:
        lines.append(Told(PRINTED.key, "No channel is set: reminders are printed, and cron mails what is printed."))
    return tuple(lines)


def add_channel(reminders: Reminders, url: str, role: str) -> ChannelLine:
    """Add an address for everybody (blank role) or for whoever holds a role; refused when it is there already."""
    shown = check_address(url)
    if role and role not in {each.value for each in Role}:
        raise ContentError(f"«{role}» is no role.", f"Known: {', '.join(each.value for each in Role)}.")
    if not reminders.place.is_on:
        raise RefusedError("Reminders are not turned on for this vault on this machine.", "`incident remind on` first.")
    standing_channels = reminders.place.channels()
    key = sha256(f"{role}|{url}".encode()).hexdigest()[:12]
    if any(each["key"] == key for each in standing_channels):
        raise RefusedError(f"{shown} is a channel already.", "`incident remind channel list` shows them.")
    reminders.place.keep_channels([*standing_channels, {"key": key, "url": url, "role": role}])
    return ChannelLine(len(standing_channels) + 1, shown, role)


def channel_lines(reminders: Reminders) -> tuple[ChannelLine, ...]:
    """The channels of this machine, numbered from 1."""
    found = reminders.place.channels()
    return tuple(ChannelLine(number, safe_address(each["url"]), each["role"]) for number, each in enumerate(found, 1))


def remove_channel(reminders: Reminders, number: int) -> ChannelLine:
    """Remove a channel by its number."""
    lines, found = channel_lines(reminders), list(reminders.place.channels())
    gone: Sequence[ChannelLine] = [each for each in lines if each.number == number]
    if not gone:
        raise RefusedError(f"There is no channel {number}.", "`incident remind channel list` shows them.")
    del found[number - 1]
    reminders.place.keep_channels(found)
    return gone[0]


def checked_alive(reminders: Reminders) -> None:
    """Raise StoreError now, rather than at the first due time, where reminders cannot be sent."""
    if not reminders.place.is_on:
        raise StoreError("Reminders are not turned on for this vault on this machine.", "`incident remind on` does it.")
    reminders.schedule()
