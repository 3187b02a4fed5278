"""The demo plays to its end on a fresh machine without a keyring, and what it leaves behind is sound."""

from pathlib import Path

from incident.usecases.demo import PASSPHRASE, play
from incident.usecases.filed import filings
from incident.usecases.incidents import incident_named
from incident.usecases.review import margins, review_view
from incident.usecases.vaults import unlock


def test_the_demo_from_the_first_minute_to_the_review(tmp_path: Path) -> None:
    told: list[str] = []
    documents = play(tmp_path, told.append)
    assert sum(path.suffix == ".pdf" for path in documents) == 13
    assert all(path.stat().st_size > 1000 for path in documents)
    text = "\n".join(told)
    assert "invented" in text
    desk = unlock(tmp_path / "vault", sign_in="leo", passphrase=PASSPHRASE)
    incident = incident_named(desk, "last")
    assert incident.status.value == "closed"
    now = incident.ended_at
    assert now is not None
    dated = [each for each in margins(desk, incident, now=now) if each.margin is not None]
    assert len(dated) >= 6
    assert all(each.margin is not None and each.margin.total_seconds() >= 0 for each in dated)
    assert {each.obligation for each in filings(desk, incident)} >= {
        "eu-gdpr/authority@DE",
        "us-hipaa/secretary",
        "us-ca/attorney-general",
    }
    assert review_view(desk, incident, now=now).open_questions == ()
    assert desk.workspace.verify().problems == ()
    desk.close()
    for file in (tmp_path / "vault").rglob("*"):
        if file.is_file():
            assert b"chatbot" not in file.read_bytes(), file
