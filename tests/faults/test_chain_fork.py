"""F16. Two writers who both continue from the same entry: the second is refused by the database itself, whatever it read."""

import pytest
from sqlcipher3.dbapi2 import IntegrityError

from incident.store.journal import append, head_of
from incident.usecases.desk import Desk
from tests.conftest import NOW


def test_a_second_entry_after_the_same_one_is_refused(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ana.workspace._connect(), ana.workspace._connect()
    stale = head_of(second)
    with monkeypatch.context() as patched:
        for connection in (first, second):
            patched.setattr("incident.store.journal.head_of", lambda connection: stale)
            if connection is second:
                with pytest.raises(IntegrityError):
                    append(connection, [], at=NOW, by=ana.me.id, act="fork", incident_id=None, detail={"second": True})
            else:
                append(connection, [], at=NOW, by=ana.me.id, act="first", incident_id=None, detail={})
    first.close()
    second.close()
    assert [each.act for each in ana.workspace.entries()][-1] == "first"
    assert ana.workspace.verify().problems == ()
