"""The evidence screen by keys: keep, verify, hand over, take out, seal, destroy; refusals keep what was typed."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from incident.domain.evidence import CustodyAct, EvidenceItem, EvidenceState
from incident.store.evidence import object_path
from incident.tui.modals.form import FormModal
from incident.tui.screens.evidence import EvidenceScreen
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence, evidence
from tests.conftest import NOW, an_incident
from tests.tui.test_screens import app_for, fill, settle, submit, wrong


async def opened(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)
    await pilot.press("e")
    await settle(pilot)
    assert isinstance(pilot.app.screen, EvidenceScreen)


def page(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#custody", Static).render())


async def test_an_item_is_kept_verified_handed_over_taken_out_sealed_and_destroyed_by_keys(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    file = tmp_path / "mail.eml"
    file.write_bytes(b"From: an invented sender\n" * 9000)

    def item() -> EvidenceItem:
        return evidence(ana, incident)[0]

    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "Press a" in page(pilot)
        await pilot.press("v")
        await settle(pilot)
        await pilot.press("a")
        await fill(pilot, path=str(tmp_path / "nowhere"), source="mail server")
        await submit(pilot)
        assert "not an ordinary file" in wrong(pilot)
        await fill(pilot, path=str(file))
        await submit(pilot)
        assert item().source == "mail server"
        assert item().sha256[:8] in page(pilot)
        table = app.screen.query_one(DataTable)
        assert (table.row_count, str(table.get_row_at(0)[1])) == (1, "mail.eml")
        await pilot.press("v")
        await settle(pilot)
        assert "verified" in page(pilot)
        app.confirm()
        await pilot.press("t")
        await fill(pilot, to="K. Wolf (invented)", note="by hand", receipt="")
        await submit(pilot)
        assert item().holder == "K. Wolf (invented)"
        await pilot.press("x")
        await fill(pilot, to=str(file))
        await submit(pilot)
        assert "nothing is overwritten" in wrong(pilot)
        await fill(pilot, to=str(tmp_path / "copy"))
        await submit(pilot)
        assert (tmp_path / "copy").read_bytes() == file.read_bytes()
        await pilot.press("S")
        await submit(pilot)
        assert item().state is EvidenceState.SEALED
        await pilot.press("D")
        await fill(pilot, reason="no longer needed", basis="Art. 5(1)(e) GDPR", typed="yes")
        await submit(pilot)
        assert isinstance(app.screen, FormModal)
        assert not item().is_destroyed
        await fill(pilot, typed="destroy 1")
        await submit(pilot)
        assert item().is_destroyed
        assert "destroyed" in page(pilot)


async def test_a_damaged_item_is_shown_and_the_same_bytes_are_told(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    file = tmp_path / "dump.bin"
    file.write_bytes(b"x" * 1000)
    kept = add_evidence(ana, incident, file, Offered(), now=NOW)
    stored = object_path(ana.workspace.path / "evidence", kept.object)
    stored.write_bytes(stored.read_bytes()[:-1])
    app = app_for(ana)
    async with app.run_test(size=(140, 40)) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert str(app.screen.query_one(DataTable).get_row_at(0)[4]) == "DAMAGED"
        await pilot.press("a")
        await fill(pilot, path=str(file), note="typed once")
        await submit(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert app.screen.query_one("#note").value == "typed once"  # type: ignore[attr-defined]
    assert [each.act for each in evidence(ana, incident)[0].custody] == [CustodyAct.ACQUIRED, CustodyAct.VERIFIED]
