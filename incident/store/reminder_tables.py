"""The tables of reminders and readiness: the reminder key, ladders of one's own, tested numbers, standing contacts."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from incident.store.record import Record


class ReminderKeyRow(Record, table=True):
    """The key of the sealed file of reminders; one row, renewed when the vault's keys are."""

    __tablename__ = "reminder_key"

    key: bytes
    former: bytes = b""
    """The key before it, so that what only others can compute is carried over."""
    of: str
    """Of which master key it is, as a mark that tells nothing."""


class ReminderLadderRow(Record, table=True):
    """A ladder that somebody set for a kind, a body of law, a duty or a step; blank: the shipped one again."""

    __tablename__ = "reminder_ladder"

    scope: str = Field(unique=True)
    rungs: str


class NumberTestRow(Record, table=True):
    """That somebody called a responder's number, and whether it was answered; never edited."""

    __tablename__ = "number_test"

    responder_id: UUID = Field(foreign_key="responder.id", index=True)
    phone: str
    """The number that was called: another one is not tested by it."""
    answered: bool
    note: str = ""
    at: datetime
    by: UUID = Field(foreign_key="responder.id")


class StandingContactRow(Record, table=True):
    """Somebody outside whom an incident needs: the insurer, outside counsel, forensics; with the contract and its number."""

    __tablename__ = "standing_contact"

    kind: str = Field(unique=True)
    name: str
    phone: str = ""
    contract: str = ""
    """The contract or policy number; blank: none is agreed."""
    checked_on: date
