"""What the commands about the law print: within the terminal's width, in words, with what may have been meant."""

import json
import re
import shutil
from pathlib import Path

import pytest

from incident.cli.app import main
from incident.content.folders import regimes_folder

FACTS = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["DE"], "timezone": "Europe/Berlin"},
    "at": {"aware": "2026-03-28T10:00:00+01:00", "discovered": "2026-03-28"},
    "people": [{"in": "DE", "count": 900}, {"in": "US-CA", "count": 2950}, {"in": "US-NY", "count": 600}],
    "data": {"elements": ["name", "ssn"], "encrypted": False},
    "breach": {"confidentiality": True, "acquired": True},
    "risk": {"individuals": "risk"},
    "filed": [{"obligation": "eu-gdpr/authority@DE", "at": "2026-03-31T11:00:01+02:00"}],
    "holds": [{"kind": "law_enforcement", "form": "written", "stated": "2026-03-29"}],
}
AT = ("--at", "2026-11-24T09:00:00+01:00")


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("INCIDENT_VAULT", str(tmp_path / "no-vault"))
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS))
    return str(file)


def printed(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(list(words)) == status
    out = capsys.readouterr()
    return out.out if status == 0 else out.err


@pytest.mark.parametrize("width", [80, 140])
def test_everything_about_the_law_fits_the_terminal(
    facts: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    pages = [
        ("assess", facts, *AT),
        ("assess", facts, "--all", *AT),
        ("assess", facts, "--explain", "us-ny/individuals", *AT),
        ("regimes", "list"),
        ("regimes", "show", "us-ny"),
        ("regimes", "show", "eu-gdpr"),
        ("authorities",),
    ]
    for words in pages:
        page = printed(capsys, *words)
        wide = [line for line in page.splitlines() if len(line) > width and not re.fullmatch(r"\s*(Text: )?https?://\S+", line)]
        assert wide == [], words


def test_the_answer_speaks_in_words(facts: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    page = printed(capsys, "assess", facts, *AT) + printed(capsys, "assess", facts, "--explain", "us-ny/individuals", *AT)
    assert "from the moment you became aware" in page
    assert "held, no end stated" in page
    assert "held until —" not in page
    assert "the data are not encrypted ← this settles it" in page
    assert "one of these:" in page
    for key in ("at.aware", "organisation.roles", "data.elements", "filed:", "breach.acquired"):
        assert key not in page


def test_a_filing_is_frozen_on_the_page(facts: str, capsys: pytest.CaptureFixture[str]) -> None:
    head = printed(capsys, "assess", facts, "--explain", "eu-gdpr/authority@DE", *AT).splitlines()
    assert "filed 31 Mar 2026 11:00:01 Berlin, late by 1 s" in " ".join(head[:2])
    assert "239 d" not in " ".join(head[:2])


def test_dated_rows_come_soonest_first_whether_folded_or_not(facts: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "assess", facts, "--at", "2026-04-01T09:00:00+02:00").split("\nNot required")[0]
    left = re.findall(r"^ *(?:\? )?((?:late )?[\d:]+ [hd]|—)  ", page, re.MULTILINE)
    assert left.index("—") == len(left) - left.count("—") if "—" in left else left
    days = [
        (-1 if "late" in each else 1) * (int(each.split()[-2]) if each.endswith("d") else 0) for each in left if each != "—"
    ]
    assert days == sorted(days)


@pytest.mark.parametrize(("typed", "meant"), [("GDPR", "«eu-gdpr»"), ("California", "«us-ca»"), ("dora", "«eu-dora»")])
def test_a_law_that_is_not_there_is_answered_with_the_one_that_was_meant(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"Did you mean {meant}" in printed(capsys, "regimes", "show", typed, status=1)


def test_a_place_may_be_typed_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert "us-ca " in printed(capsys, "regimes", "list", "--place", "California")
    assert "BayLDA" in printed(capsys, "authorities", "bavaria")
    assert "«US-CA»" in printed(capsys, "regimes", "list", "--place", "Californa", status=1)


def test_two_packs_are_compared_without_a_vault(
    facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del facts
    for name in ("old", "new"):
        shutil.copytree(regimes_folder() / "europe", tmp_path / name / "europe")
    swiss = tmp_path / "new" / "europe" / "ch-fadp.toml"
    swiss.write_text(swiss.read_text(encoding="utf-8") + "\nbad [\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "1000")
    page = printed(capsys, "regimes", "diff", str(tmp_path / "old"), str(tmp_path / "new"))
    assert "CANNOT BE READ, not evaluated (ch-fadp.toml" in page
    assert "Rules only: there is no vault here" in page
