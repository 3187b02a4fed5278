"""What the journal says about an incident is read by its members alone, and by nobody once the incident was deleted."""

from incident.store.journal import raw_entries
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk
from incident.usecases.incidents import Declaration, declare
from incident.usecases.journal import each_entry
from tests.conftest import NOW, an_incident, say


def bodies(workspace: Workspace) -> str:
    """Every entry as somebody sees it who holds the database's key and no incident's."""
    with workspace.reading() as session:
        raw = session.connection().connection.driver_connection
        return "\n".join(body.decode() for *_, body in raw_entries(raw))


def test_fact_keys_are_not_in_the_journal_in_the_clear_and_members_read_them(ana: Desk, leo: Desk) -> None:
    say(ana, an_incident(ana), "risk.individuals", "high", basis="grounds")
    assert "risk.individuals" not in bodies(ana.workspace)
    for desk in (ana, leo):
        said = [each.detail for each in each_entry(desk) if each.act == "fact.record"]
        assert [each["fact"] for each in said] == ["risk.individuals"]
    assert ana.workspace.verify().problems == ()


def test_who_is_no_member_sees_that_something_was_recorded_and_not_what(ana: Desk, leo: Desk) -> None:
    held = declare(ana, Declaration("Only Ana", "personal-data-breach", "ana", members=("ana",)), now=NOW)
    say(ana, held, "risk.individuals", "high", basis="grounds")
    said = [each for each in leo.workspace.entries() if each.act == "fact.record"]
    assert [(each.by, list(each.detail)) for each in said] == [(ana.me.id, ["sealed"])]
    assert ana.workspace.entries(held.id)[-1].detail["fact"] == "risk.individuals"


def test_what_belongs_to_no_incident_stays_clear(ana: Desk) -> None:
    assert any(each.detail.get("sign_in") == "leo" for each in ana.workspace.entries() if each.act == "responder.invite")
