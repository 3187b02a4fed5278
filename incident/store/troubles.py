"""The database's troubles as sentences: what happened, what to do, and that nothing was changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlcipher3.dbapi2 import DatabaseError

from incident.errors import RefusedError, StoreError

_MENDS = {
    "is full": "Free some space; nothing was changed and nothing is lost.",
    "readonly": "The disk or the folder is read-only: make it writable, or copy the vault to a disk that is.",
    "unable to open": "The folder is read-only or the disk is full (`df` shows it). Nothing is lost; `incident export"
    " emergency` reads without writing.",
    "disk I/O": "The disk is full (`df` shows it) or reports errors: free some space, or copy the vault folder to another"
    " disk. `incident export emergency` reads without writing.",
    "locked": "Another window is writing; try again.",
    "malformed": "Run `incident journal verify`, then restore the newest backup.",
    "not a database": "Sign in again: the vault's keys were renewed, or its files are not from the same backup.",
}


def trouble(what: str, error: BaseException) -> StoreError:
    """A database error as a sentence with its mend."""
    text = str(error)
    hint = next((mend for sign, mend in _MENDS.items() if sign in text), "Nothing was changed.")
    return StoreError(f"{what}: {text}.", hint)


@contextmanager
def told() -> Iterator[None]:
    """Turn the database's troubles into sentences."""
    try:
        yield
    except StaleDataError as error:
        raise RefusedError("Somebody else changed this meanwhile.", "Look again and repeat your change.") from error
    except DBAPIError as error:
        raise trouble("The database refuses", error.orig or error) from error
    except StatementError as error:
        raise StoreError(f"A value cannot be stored: {error.orig}.", "Nothing was changed.") from error
    except DatabaseError as error:
        raise trouble("The database refuses", error) from error
