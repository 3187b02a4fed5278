"""F2. The power goes at any moment: nothing acknowledged is lost. With a weaker sync the same test finds losses."""

from pathlib import Path

import pytest

from tests.faults import shim
from tests.faults.outcome import rounds
from tests.faults.power_cut import power_cuts

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not())

CUTS, SEED = 1000, 20261125


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = power_cuts(tmp_path, rounds=rounds(60, CUTS), seed=SEED, lines=60)
    assert (found.lost, found.corrupt) == (0, 0), found.note


def test_the_replay_can_fail_with_a_weaker_sync_lines_are_lost(tmp_path: Path) -> None:
    found = power_cuts(tmp_path, rounds=30, seed=SEED, synchronous="normal", lines=30)
    assert found.lost > 0
