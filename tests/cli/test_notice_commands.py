"""A notice's life from the command line: check, editor, copy out, approval by a second person, what changed, files."""

import json
from pathlib import Path

import pytest

from incident.domain.access import AccessAct
from incident.usecases.access import access_review
from incident.usecases.desk import Desk
from incident.usecases.notices import NewNotice, begin, draft
from incident.usecases.unsaved_text import unsaved
from incident.usecases.versions import approve, versions
from tests.cli.test_commands import run as run
from tests.conftest import NOW, an_incident, say
from tests.usecases.test_incident_life import ACCOUNT
from tests.usecases.test_notice_life import LATER


def test_from_draft_to_files(ana: Desk, leo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    incident = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, incident, key, text)
    say(ana, incident, "risk.individuals", "high", basis="copied by a fraudster")
    new = NewNotice("gdpr-authority", language="en", recipient_name="Authority")
    notice_id = begin(ana, incident, new, now=NOW).notice.id
    status, out, _ = run("notice", "check", "1")
    assert (status, "account.what_happened" in out, "said by Ana Ruiz (invented)" in out) == (0, True, True)
    assert "May go out as initial: " in out
    assert run("notice", "edit", "1", "delay", "Counting took long.")[0] == 0  # the commands live in the present
    checked = json.loads(run("notice", "check", "1", "--json")[1])
    assert {each["state"] for each in checked["check"]["elements"]} <= {"have", "missing", "may_follow"}

    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "Written in an editor." > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    assert run("notice", "edit", "1", "cause", "--editor")[0] == 0
    assert draft(ana, notice_id, now=NOW).notice.fields["cause"].value == "Written in an editor."
    assert unsaved(ana, notice_id) == {}
    assert run("notice", "edit", "1", "cause", "--editor")[0] == 1

    copied = json.loads(run("notice", "copy", "1", "--json")[1])
    first = next(each["field"] for each in copied["lines"] if each["text"])
    assert "copied" in run("notice", "copy", "1", "--done", first)[1]
    assert run("notice", "copy", "1", "--next")[1].strip()
    assert run("notice", "copy", "1", "--done", "nothing_like_it")[0] == 2

    assert run("notice", "diff", "1")[0] == 1
    assert run("notice", "freeze", "1", "--kind", "initial")[0] == 0
    status, _, err = run("notice", "approve", "1")
    assert (status, "may not approve" in err or "second person" in err) == (1, True)
    assert run("notice", "drop", "1", "--version", "1")[0] == 0
    assert run("notice", "freeze", "1", "--kind", "initial")[0] == 0
    approve(leo, versions(ana, notice_id)[0].version.id, now=LATER)
    assert run("notice", "drop", "1")[0] == 1
    assert run("notice", "edit", "1", "cause", "Another cause.")[0] == 0
    assert "{+Another" in run("notice", "diff", "1")[1]
    assert "void" in run("notice", "list")[1]
    assert "promised" in run("notice", "follow-up", "1")[1]

    folder = tmp_path / "out"
    for form in ("eml", "text", "docx"):
        assert run("notice", "export", "1", form, "--to", str(folder), "--version", "1")[0] == 0
    assert run("notice", "export", "1", "eml", "--to", str(folder), "--profile", "public")[0] == 2
    names = sorted(each.suffix for each in folder.iterdir())
    assert names == [".docx", ".eml", ".txt"]
    assert all(each.stat().st_mode & 0o077 == 0 for each in folder.iterdir())
    assert "Written in an editor." in next(folder.glob("*.txt")).read_text()
    from datetime import timedelta

    seen = access_review(ana, since=NOW - timedelta(days=9999), until=NOW + timedelta(days=9999))
    exported = {each.what for each in seen.lines if each.act is AccessAct.EXPORTED}
    assert {"a notice as eml (regulator)", "a notice as text (regulator)", "a notice as docx (privileged)"} <= exported


def test_templates_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    from incident.usecases.catalogue import catalogue

    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path))
    catalogue.cache_clear()
    try:
        status, out, _ = run("templates", "new", "acme", "gdpr-processor", "--title", "Ours")
        assert (status, "is yours" in out) == (0, True)
        catalogue.cache_clear()
        assert "yours" in run("templates", "list")[1]
        assert "are sound" in run("templates", "check", "acme")[1]
        assert "Ours" in run("templates", "preview", "acme")[1]
        assert run("templates", "preview", "acme", "--pdf", str(tmp_path / "a.pdf"))[0] == 0
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
        (tmp_path / "notice_templates" / "acme" / "en.html.j2").write_text("{% if %}")
        status, out, _ = run("templates", "check", "acme")
        assert (status, "acme/en.html.j2, line 1" in out) == (2, True)
    finally:
        catalogue.cache_clear()
