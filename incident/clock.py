"""The only reader of the time.

Everything else takes `now` as an argument, so a test, the demo and an exercise can say what time it is.
Returns aware UTC instants; no naive value leaves this module.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, UTC, to the second's microseconds."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for idle limits, never for records."""
    return time.monotonic()
