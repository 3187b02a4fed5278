"""Presses side by side: one process per core, recipients handed out in chunks, results in the order of the chunks.

Nothing is held but a few chunks, so memory does not grow with the number of letters. A chunk is done whole or not at all;
what a chunk's work writes, and how a broken run is taken up again, is the caller's.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from incident.documents.letterpress.cache import LayoutCache
from incident.documents.letterpress.compilation import LetterText
from incident.documents.letterpress.press import Press
from incident.errors import DocumentError

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
_AHEAD = 2
"""Chunks per process that wait or are under way."""


@dataclass(frozen=True, slots=True)
class PressOrder:
    """Everything from which a process makes its press."""

    texts: Mapping[str, LetterText]
    tagged: bool
    cache_folder: Path | None = None
    cache_key: bytes = b""
    fonts: Mapping[str, Path] = field(default_factory=dict)

    def press(self) -> Press:
        """A press for this process."""
        cache = LayoutCache(self.cache_folder, self.cache_key) if self.cache_folder else None
        return Press(self.texts, tagged=self.tagged, cache=cache, fonts=self.fonts or None)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pressed(
    order: PressOrder, work: Callable[[Press, Chunk], Result], chunks: Iterable[Chunk], *, processes: int = 0
) -> Iterator[Result]:
    """What `work` (a function of a module) makes of each chunk, in order; an error in one stops all.

    Closing the iterator cancels what has not begun and waits for what has.
    """
    pool = ProcessPoolExecutor(
        processes or cores(), multiprocessing.get_context("spawn"), initializer=_begin, initargs=(order,)
    )
    waiting: deque[Future[Result]] = deque()
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_done, work, chunk))
            while len(waiting) >= _AHEAD * (processes or cores()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise DocumentError(
            "A process of the press was ended from outside.", "Take the run up again; finished chunks stand."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_PRESSES: list[Press] = []
"""The press of this process."""


def _begin(order: PressOrder) -> None:
    _PRESSES[:] = [order.press()]
    gc.set_threshold(50_000, 20, 20)


def _done(work: Callable[[Press, Chunk], Result], chunk: Chunk) -> Result:
    return work(_PRESSES[0], chunk)
