"""The screens driven by keys: the whole life of an incident, refusals that keep what was typed, odd terminals."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import DataTable, Input, OptionList, Static

from incident.tui.app import IncidentApp
from incident.tui.modals.form import FormModal
from incident.tui.screens.board import BoardScreen
from incident.tui.screens.incident import TheIncidentScreen
from incident.tui.screens.unlock import UnlockScreen
from incident.tui.widgets.blocks import Blocks
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_lines
from incident.usecases.filed import filings
from incident.usecases.incidents import incidents
from incident.usecases.timeline import timeline
from incident.usecases.versions import versions
from tests.conftest import NOW, PASSPHRASE, an_incident, say
from tests.tui.driving import app_for, fill, settle, submit, wrong

__all__ = ["app_for", "fill", "settle", "submit", "wrong"]


async def test_first_run_creates_a_vault_only_with_the_code_typed_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from incident.store import keys

    monkeypatch.setattr("incident.store.opening.Cost", lambda: keys.FLOOR)
    app = IncidentApp(tmp_path / "vault", now=lambda: NOW)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await fill(pilot, organisation="Nordlicht", name="Ana (invented)", sign_in="ana", passphrase=PASSPHRASE, again="other")
        await submit(pilot)
        assert "differ" in wrong(pilot)
        assert pilot.app.screen.query_one("#name", Input).value == "Ana (invented)"
        await fill(pilot, again=PASSPHRASE)
        await submit(pilot)
        assert not (tmp_path / "vault").exists()
        code = str(pilot.app.screen.query_one("#recovery-code", Static).render()).replace("\n", "-")
        await fill(pilot, code="WRONG")
        await submit(pilot)
        assert "checksum" in wrong(pilot)
        await fill(pilot, code=code)
        await submit(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert (tmp_path / "vault" / "vault.json").exists()


async def test_unlocking_with_a_wrong_passphrase_says_so_and_stays(ana: Desk) -> None:
    app = IncidentApp(ana.workspace.path, now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        await fill(pilot, sign_in="leo", passphrase="wrong")
        await submit(pilot)
        assert "does not open" in wrong(pilot)
        await fill(pilot, passphrase=PASSPHRASE)
        await submit(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert app.desk is not None
        assert app.desk.me.sign_in == "leo"
        app.desk.close()


async def test_declare_work_notify_and_review_by_keys(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await fill(pilot, title="A mailbox was read", detected="-5h", aware="yesterday 14:10 berlin", severity="1")
        assert "Europe/Berlin (13:10 UTC)" in str(app.screen.query_one("#aware-preview", Static).render())
        await submit(pilot)
        incident = incidents(ana)[0]
        assert incident.severity == 1
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, TheIncidentScreen)
        assert "GDPR Art. 33(1)" in str(app.screen.query_one("#running", Static).render())

        await pilot.press("d")
        await settle(pilot)
        await submit(pilot)
        assert any(each.text.startswith("Step ") for each in timeline(ana, incident))

        await pilot.press("l")
        await pilot.press(*"the bank rang", "enter")
        await settle(pilot)
        assert any(each.text == "the bank rang" for each in timeline(ana, incident))

        await pilot.press("f")
        await settle(pilot)
        table = app.screen.query_one(DataTable)
        table.move_cursor(row=table.get_row_index("people"))
        await pilot.press("enter")
        await settle(pilot)
        await fill(pilot, text="DE many")
        await submit(pilot)
        assert "people" in wrong(pilot)
        assert app.screen.query_one("#text", Input).value == "DE many"
        await fill(pilot, text="DE 400", source="the directory")
        await submit(pilot)
        assert any(each.kind.key == "people" and each.text == "DE 400" for each in fact_lines(ana, incident))
        for key, text in (
            ("data.elements", "name, email"), ("account.what_happened", "Read."), ("account.people_description", "staff"),
            ("account.records", "400"), ("account.likely_consequences", "fraud"), ("account.measures_taken", "revoked"),
        ):  # fmt: skip
            say(ana, incident, key, text)
        say(ana, incident, "risk.individuals", "risk", basis="could be misused")
        await pilot.press("escape")

        await pilot.press("c")
        await settle(pilot)
        assert "72 h" in str(app.screen.query_one("#why", Static).render()) or "Why" in str(
            app.screen.query_one("#why", Static).render()
        )
        await pilot.press("escape", "n", "b")
        await settle(pilot)
        await fill(pilot, template="gdpr-authority", to="Authority")
        await submit(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        await submit(pilot)
        await pilot.press("a")
        await settle(pilot)
        await submit(pilot)
        assert "second person" in wrong(pilot)
        await pilot.press("escape")
        notice_id = app.screen.notice_id  # type: ignore[attr-defined]
        from incident.usecases.versions import approve

        version = versions(ana, notice_id)[0].version
        approve(leo, version.id, now=NOW)
        await pilot.press("p")
        await settle(pilot)
        await fill(pilot, folder=str(tmp_path / "out"))
        await submit(pilot)
        await settle(pilot)
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["INC-2026-0001_gdpr-authority_DE_de_v1_approved.pdf"]
        await pilot.press("s")
        await settle(pilot)
        await fill(pilot, channel="portal", when="now", reference="R-7")
        await submit(pilot)
        assert filings(ana, incident)[0].reference == "R-7"
        await pilot.press("escape", "escape", "r")
        await settle(pilot)
        await pilot.press("n", "n", "n")
        await settle(pilot)
        assert "to spare" in app.screen.query_one("#text", Blocks).plain
        await pilot.press("escape", "t")
        await settle(pilot)
        assert app.screen.query_one(DataTable).row_count > 10


async def test_a_terminal_of_twenty_by_five_and_back(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        for size in ((20, 5), (1, 1), (80, 24), (140, 40)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        for key in "fcatrn":
            await pilot.press(key)
            await pilot.resize_terminal(20, 5)
            await settle(pilot)
            await pilot.resize_terminal(80, 24)
            await pilot.press("escape")
        assert isinstance(app.screen, TheIncidentScreen)
        assert app.screen.query_one("#guide", OptionList).option_count > 10


async def test_the_seconds_run_and_a_late_clock_says_so(ana: Desk) -> None:
    an_incident(ana)
    now = [NOW]
    app = app_for(ana, now=lambda: now[0])
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        running = app.screen.query_one("#running", Static)
        assert "? 2 d" in str(running.render())
        now[0] = NOW + timedelta(hours=80)
        app.screen.tick()  # type: ignore[attr-defined]
        assert "late" in str(running.render())


async def test_idle_and_a_jump_of_the_wall_clock_lock(ana: Desk) -> None:
    now = [NOW]
    app = app_for(ana, now=lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app._watch()
        assert app.desk is not None
        now[0] = NOW + timedelta(hours=3)
        app._watch()
        assert app.desk is None
    assert app.return_code == 75


async def test_help_lists_every_key_and_the_palette_knows_them(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        titles = {each.title for each in app.get_system_commands(app.screen)}
        assert {"Done", "Skip", "Team", "Facts", "Clocks", "Notices", "Timeline", "Review"} <= titles
        await pilot.press("f1")
        await settle(pilot)
        text = str(app.screen.query_one(".box Static", Static).render())
        assert "Every deadline and why it runs" in text


async def test_every_binding_has_an_id_and_a_tooltip() -> None:
    import importlib
    import pkgutil

    from textual.binding import Binding

    import incident.tui.screens as package

    for module in pkgutil.iter_modules(package.__path__):
        for item in vars(importlib.import_module(f"incident.tui.screens.{module.name}")).values():
            for binding in (
                getattr(item, "BINDINGS", ())
                if isinstance(item, type) and item.__module__.startswith("incident.tui.screens")
                else ()
            ):
                if isinstance(binding, Binding):
                    assert binding.id, (module.name, binding)


async def test_a_form_that_is_left_records_nothing(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        head = ana.workspace.head()
        await pilot.press("d")
        await fill(pilot, title="half typed")
        assert isinstance(app.screen, FormModal)
        await pilot.press("escape")
        assert ana.workspace.head() == head


async def test_what_to_find_out_leads_to_the_fact_and_the_clocks_open_their_folds(ana: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        table = pilot.app.screen.query_one(DataTable)
        assert "residence" in str(table.get_row_at(0)[1])
        await pilot.press("enter")
        await settle(pilot)
        facts = pilot.app.screen.query_one(DataTable)
        assert str(facts.get_row_at(facts.cursor_row)[0]) == "people"
        await pilot.press("escape", "escape")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        table = pilot.app.screen.query_one(DataTable)
        rows = [str(table.get_row_at(index)[2]) for index in range(table.row_count)]
        fold = next(index for index, text in enumerate(rows) if text.startswith("▸"))
        folded = table.row_count
        table.move_cursor(row=fold)
        await pilot.press("enter")
        await settle(pilot)
        assert table.row_count > folded + 50
        assert "GDPR Art. 33(1)" in "".join(rows[: fold + 3])
        why = str(pilot.app.screen.query_one("#why", Static).render())
        assert "Enter lists" in why
        rows = [str(table.get_row_at(index)[2]) for index in range(table.row_count)]
        table.move_cursor(row=next(index for index, text in enumerate(rows) if text.startswith("GDPR Art. 33(1)")))
        await settle(pilot)
        why = str(pilot.app.screen.query_one("#why", Static).render())
        assert "Counted" in why
        assert "What would change it" in why
        before = table.row_count
        await pilot.press("e")
        await settle(pilot)
        assert table.row_count > before + 100
    assert incident.is_open


async def test_the_instruments_stand_beside_each_other_and_decide_nothing(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("k")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await fill(pilot, context="7", identification="0.75", malicious="yes", reasons="health data in a stranger's hands")
        await submit(pilot)
        assert "not 1, 2, 3 or 4" in wrong(pilot)
        await fill(pilot, context="sensitive", availability="0.25")
        await submit(pilot)
        shown = str(pilot.app.screen.query_one("#enisa", Static).render())
        assert "3.75 high" in shown
        assert "quarter step from very high" in shown
        await pilot.press("h")
        await settle(pilot)
        await fill(pilot, nature_rating="low", nature_reason="first names only")
        await submit(pilot)
        assert "presumed" in str(pilot.app.screen.query_one("#hipaa", Static).render())
        assert "nothing yet" in str(pilot.app.screen.query_one("#decided", Static).render())
