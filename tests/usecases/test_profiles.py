"""A privileged line and a privileged item of evidence reach no reader but counsel, whichever way something leaves the vault."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from incident.cli.app import main
from incident.domain.assessment_document import to_document
from incident.domain.clock_profile import clocks_for
from incident.domain.incident import Incident
from incident.domain.profile import Profile
from incident.usecases.assess import Law
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.timeline import log
from tests.conftest import NOW, PASSPHRASE, an_incident, facts_of, say

LINE, NAME, CONTENT = "KANARI-LINE of counsel", "KANARI-NAME.txt", "KANARI-BYTES"
FACTS: dict[str, object] = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["IE"], "timezone": "Europe/Dublin"},
    "at": {"aware": "2026-03-02T09:00:00+00:00"},
    "people": [{"in": "IE", "count": 250}],
    "data": {"elements": ["name", "dob"], "encrypted": False, "medium": ["electronic"]},
    "breach": {"confidentiality": True},
    "risk": {"individuals": "risk"},
}
OTHERS = [Profile.REGULATOR, Profile.CUSTOMER, Profile.PUBLIC]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def incident(ana: Desk) -> Incident:
    found = an_incident(ana)
    log(ana, found, LINE, now=NOW, privileged=True)
    log(ana, found, "an ordinary line", now=NOW)
    for name, content, privileged in ((NAME, CONTENT, True), ("open.txt", "ordinary bytes", False)):
        add_evidence(
            ana, found, BytesIO(content.encode()), Offered(name, "mx1", LINE * privileged, privileged=privileged), now=NOW
        )
    say(ana, found, "risk.individuals", "high", basis="our own grounds")
    return found


@pytest.fixture
def run(
    ana: Desk, incident: Incident, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    (tmp_path / "words").write_text(PASSPHRASE)
    options = ["--vault", str(ana.workspace.path), "--as", "ana", "--passphrase-file", str(tmp_path / "words")]

    def typed(*words: str) -> tuple[int, str]:
        status = main([*words, *options])
        out = capsys.readouterr()
        return status, out.out + out.err

    return typed


def written(folder: Path) -> str:
    """Every file below a folder as text, PDFs by their pages."""
    found = []
    for each in sorted(folder.rglob("*")):
        if each.suffix == ".pdf":
            found.append("\n".join(page.extract_text() for page in PdfReader(each).pages))
        if each.is_file():
            found.append(each.read_bytes().decode(errors="ignore"))
    return "\n".join(found)


@pytest.mark.parametrize("profile", OTHERS)
def test_no_export_for_somebody_else_holds_what_is_privileged(
    run: Run, incident: Incident, tmp_path: Path, profile: Profile
) -> None:
    out, to = tmp_path / "out", ("--profile", profile.value)
    out.mkdir()
    said = [run(name, *to)[1] for name in ("timeline", "register", "clocks")]
    said.append(run("export", "emergency", "--to", "-", *to)[1])
    said += [run("evidence", "export", "1", "--to", str(out / "item"), *to)[1]]
    assert all(profile.stamp in each for each in said[:4])
    assert "is privileged" in said[4]
    run("journal", "export", "--to", str(out / "journal"), *to)
    together = "\n".join(said[:4]) + written(out)
    for canary in ("KANARI-LINE", "KANARI-BYTES", "KANARI-NAME"):
        assert canary not in together
    assert (out / "journal").exists() == (profile is Profile.REGULATOR)
    assert ("an ordinary line" in said[3]) == (profile is Profile.REGULATOR)
    assert ("our own grounds" in "\n".join(said)) == (profile is Profile.REGULATOR)
    assert ("Ana Ruiz" in said[3]) == (profile is Profile.REGULATOR)


def test_counsel_gets_all_of_it_stamped(run: Run, tmp_path: Path) -> None:
    to = ("--profile", "privileged")
    assert all(each in run("timeline", *to)[1] for each in (LINE, Profile.PRIVILEGED.stamp))
    emergency = run("export", "emergency", "--to", "-")[1]
    assert all(each in emergency for each in (LINE, NAME, Profile.PRIVILEGED.stamp))
    assert run("evidence", "export", "1", "--to", str(tmp_path / "item"), *to)[0] == 0
    assert (tmp_path / "item").read_text() == CONTENT


def test_the_review_for_a_regulator_holds_nothing_privileged(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("review", "write", "--to", str(out))[0] == 0
    together = written(out)
    assert Profile.REGULATOR.stamp in together.replace("\n", " ")
    assert "KANARI" not in together
    assert "an ordinary line" in together


def test_what_left_and_for_whom_stands_in_the_access_log(run: Run) -> None:
    run("register", "--profile", "customer")
    run("clocks", "--profile", "public")
    lines = json.loads(run("journal", "access", "--json", "--since", "2020-01-01", "--until", "2100-01-01")[1])["lines"]
    assert {"the register, for customer", "the clocks, for public"} <= {each["what"] for each in lines}


def test_the_clocks_for_others_keep_our_workings_back(law: Law) -> None:
    facts = facts_of(law, FACTS)
    document = to_document(law.assess(facts, now=NOW))

    def clocks(profile: Profile) -> list[dict[str, object]]:
        return clocks_for(document, profile)["obligations"]  # type: ignore[return-value]

    privileged, regulator, customer = clocks(Profile.PRIVILEGED), clocks(Profile.REGULATOR), clocks(Profile.CUSTOMER)
    assert len(privileged) == len(regulator) > len(customer) > 0
    assert any(each["missing"] or each["readings"] for each in privileged)
    assert not any({"missing", "readings", "why"} & each.keys() for each in (*regulator, *customer))
    assert {each["state"] for each in customer} <= {"due", "undated", "satisfied"}
    assert clocks(Profile.PUBLIC) == []
