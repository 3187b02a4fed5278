"""The demo plays to its end on a fresh machine without a keyring, and what it leaves behind is sound."""

from pathlib import Path

from pypdf import PdfReader

from incident.usecases.demo import PASSPHRASE, play
from incident.usecases.filed import filings
from incident.usecases.incidents import incident_named
from incident.usecases.review import margins, review_view
from incident.usecases.vaults import unlock


def said_in(path: Path) -> str:
    reader = PdfReader(path)
    title = reader.metadata.title if reader.metadata else ""
    return " ".join(f"{title} {' '.join(page.extract_text() for page in reader.pages)}".split())


def test_the_demo_from_the_first_minute_to_the_review(tmp_path: Path) -> None:
    told: list[str] = []
    documents = play(tmp_path, told.append)
    pdfs = {path for path in documents if path.suffix == ".pdf"}
    assert len(pdfs) == 15
    assert all(path.stat().st_size > 1000 for path in pdfs)
    text = "\n".join(told)
    assert "invented" in text
    assert "filed, in time" not in text
    assert "GDPR Art. 34: the people affected: told after 12 d" in text
    german = {path: said_in(path) for path in pdfs if "_de_" in path.name}
    for english in ("Regulation", "commander", "Germany", "Supervisory", "Letter to the people"):
        assert all(english not in each for each in german.values()), english
    follow_up = next(each for path, each in german.items() if "authority" in path.name and "_v2_" in path.name)
    assert "EXAMPLE-2026-0815 vom 25. August 2026" in follow_up
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
    sent = {each.obligation: each.channel for each in filings(desk, incident)}
    assert sent["us-hipaa/substitute-notice"] != sent["us-hipaa/individuals"] == "first-class mail"
    assert review_view(desk, incident, now=now).open_questions == ()
    assert desk.workspace.verify().problems == ()
    desk.close()
    for file in (tmp_path / "vault").rglob("*"):
        if file.is_file():
            assert b"chatbot" not in file.read_bytes(), file
