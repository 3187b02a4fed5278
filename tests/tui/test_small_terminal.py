"""At 80×24: every key that matters stands below, the board has its titles, and what is cut can be read with one key."""

from textual.widgets import DataTable

from incident.tui.modals.page import Page
from incident.tui.widgets.blocks import Blocks
from incident.tui.widgets.table import Column, Table
from incident.usecases.desk import Desk
from incident.usecases.notices import NewNotice, begin
from incident.usecases.timeline import log
from tests.conftest import NOW, an_incident, say
from tests.tui.driving import app_for, in_sight, settle, type_fast

LONG = "The intruder read the mailbox for eleven days and then began to write to customers in our name, asking for payment"


def below(shown: str) -> str:
    return " ".join(" ".join(shown.splitlines()[-3:]).split())


KEYS = (
    ((), "d declare ⏎ open m mine p playbooks r ready o organisation q quit f1 help"),
    (
        ("enter",),
        "⏎ read d done i fill in s skip z undo u again h hand over + attach v view / search m mine p playbooks a team",
    ),
    (("enter",), "f facts c clocks w find out k risk n notices t timeline e evidence r review l log x end f1 help"),
    (("enter", "p"), "⏎ read / search j join d difference y adopt w PDF f1 help"),
    (("m",), "⏎ open f1 help"),
    (("enter", "f"), "⏎ record u unknown yet b for whom f1 help"),
    (("enter", "a"), "⏎ assign g give up c contact p call tree i invite m let in x let out f1 help"),
    (("enter", "t"), "⏎ read l log f1 help"),
    (("enter", "n"), "b begin ⏎ open l letters x drop f1 help"),
    (
        ("enter", "n", "enter"),
        "⏎ edit o recipient c check v version a approve p PDF s sent d changes y copy out g language f1 help",
    ),
    (("enter", "r"), "w write f1 help"),
    (("enter", "k"), "⏎ read e ENISA h four factors s state harm f decide f1 help"),
)


async def test_the_keys_that_matter_stand_below(ana: Desk) -> None:
    incident = an_incident(ana)
    begin(ana, incident, NewNotice(template="gdpr-authority"), now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for keys, wanted in KEYS:
            type_fast(pilot, *keys)
            await settle(pilot)
            for _ in range(40):  # the line of keys is laid out after the screen that it belongs to
                if wanted in below(in_sight(pilot)):
                    break
                await pilot.pause(0.05)
            assert wanted in below(in_sight(pilot)), keys
            type_fast(pilot, *("escape" for _ in keys))


async def test_the_board_shows_titles_and_the_highlighted_one_in_full(ana: Desk) -> None:
    an_incident(ana, title=LONG)
    an_incident(ana, title="Another one")
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Another one" in in_sight(pilot)
        app.screen.query_one(Table).choose("INC-2026-0001")
        await settle(pilot)
        assert LONG in " ".join(in_sight(pilot).split())


async def test_a_long_line_of_the_timeline_is_read_below_and_with_enter(ana: Desk) -> None:
    log(ana, an_incident(ana), LONG, now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "t", "home")
        await settle(pilot)
        assert LONG in " ".join(in_sight(pilot).split())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Page)


async def test_a_notice_shows_the_highlighted_field_in_full_and_its_check_on_a_page(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "account.what_happened", LONG)
    begin(ana, incident, NewNotice(template="gdpr-authority", recipient_name="Authority (invented)"), now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "n", "enter")
        await settle(pilot)
        table = app.screen.query_one(Table)
        table.move_cursor(row=next(row for row in range(table.row_count) if "intruder" in str(table.get_row_at(row)[1])))
        await settle(pilot)
        shown = " ".join(line[:50] for line in in_sight(pilot).splitlines())
        assert LONG in " ".join(shown.split())
        await pilot.press("c")
        await settle(pilot)
        assert "the likely consequences" in in_sight(pilot)


async def test_a_step_is_read_on_a_page_of_its_own(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Page)
        assert "▶ NOW" in in_sight(pilot)
        assert "If silent" in app.screen.query_one(Blocks).plain


async def test_a_draft_is_dropped_and_its_language_changed(ana: Desk) -> None:
    from incident.usecases.notices import notices

    incident = an_incident(ana)
    begin(ana, incident, NewNotice(template="gdpr-authority", language="de"), now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "n", "enter", "g")
        await settle(pilot)
        app.screen.query_one("#language").value = "en"  # type: ignore[attr-defined]
        type_fast(pilot, "ctrl+s")
        await settle(pilot)
        assert notices(ana, incident, now=NOW)[0].notice.language == "en"
        type_fast(pilot, "escape", "x", "enter")
        await settle(pilot)
        assert not notices(ana, incident, now=NOW)


async def test_the_organisations_labels_are_whole(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "o")
        await settle(pilot)
        assert "Representative in the EEA (Art. 27): —" in in_sight(pilot)


async def test_a_table_gives_up_its_least_column_before_it_cuts_the_others(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(60, 18)) as pilot:
        await settle(pilot)
        table = Table(Column("one", share=1, least=40), Column("two", drop=True))
        await app.screen.mount(table)
        table.show([("a", ("x" * 100, "a long second cell"))])
        await settle(pilot)
        assert [str(each.label) for each in table.ordered_columns] == ["one"]
        assert str(table.get_row_at(0)[0]).endswith("…")
        await pilot.resize_terminal(140, 40)
        await settle(pilot)
        assert [str(each.label) for each in table.ordered_columns] == ["one", "two"]
        assert isinstance(table, DataTable)
