"""The fourteen playbooks and the worked examples that play them to the end."""

import re
import tomllib
from pathlib import Path

import pytest

from incident.content.folders import shipped_folder
from incident.content.playbook_examples import check_examples, read_examples
from incident.domain.playbook import Playbook, Step, Track
from incident.domain.playbook_example import PlaybookExample, played
from incident.usecases.catalogue import Catalogue, catalogue

SLUGS = (
    "ai-data-leakage", "business-email-compromise", "chatbot-prompt-injection", "cloud-storage-exposure",
    "credential-stuffing", "insider-misuse", "integration-token-compromise", "lost-stolen-device", "misdirected-email",
    "personal-data-breach", "phishing-account-takeover", "ransomware", "vendor-breach", "web-application-compromise",
)  # fmt: skip
WITH_VENDOR = ("vendor-breach", "integration-token-compromise", "chatbot-prompt-injection", "ai-data-leakage")
VENDOR_FACTS = {
    f"account.vendor_{name}" for name in ("data_location", "encryption", "training_use", "deletion", "attestations")
}
VERBS = frozenset(
    """agree answer ask assess bar call cancel care change check choose close collect complete confirm contain count cut
    decide delete demand draft end examine file find fix follow freeze get give hand harden have hold hunt isolate judge
    keep list lock look make match name narrow notify open play prepare preserve press presume prove purge put rank rate
    rebuild recall reconnect record replace report restore revoke ring run sample save scan set settle slow sort stop switch
    take tell trace treat undo warn watch weigh export""".split()  # noqa: SIM905 - a table of words
)


@pytest.fixture(scope="module")
def content() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="module")
def examples(content: Catalogue) -> dict[str, PlaybookExample]:
    known = content.law.known_obligations
    found, problems = read_examples([shipped_folder("playbooks")], content.law.vocabulary, known_obligations=known)
    assert problems == ()
    return {each.playbook: each for each in found}


def _every_step(content: Catalogue) -> list[tuple[Playbook, Step]]:
    return [(playbook, step) for playbook in content.playbooks.values() for step in playbook.steps]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_worked_example_plays_the_playbook_to_its_end(
    content: Catalogue, examples: dict[str, PlaybookExample], slug: str
) -> None:
    assert [str(each) for each in played(examples[slug], content.playbook(slug))] == []


def test_fourteen_playbooks_ship_and_each_has_an_example(content: Catalogue, examples: dict[str, PlaybookExample]) -> None:
    shipped = {path.stem for path in shipped_folder("playbooks").glob("*.toml")} - {"spine"}

    assert shipped == set(SLUGS) == examples.keys()
    assert set(SLUGS) <= content.playbooks.keys()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_playbook_says_when_it_is_the_wrong_one_and_where_to_go(content: Catalogue, slug: str) -> None:
    playbook = content.playbook(slug)

    assert playbook.inherits == "spine"
    assert len(playbook.not_when) > 40
    assert len(playbook.pivots) >= 2
    assert {each.playbook for each in playbook.pivots} <= set(SLUGS) - {slug}
    assert 3 <= len(playbook.first_checks) <= 5
    assert len(playbook.closed_when) >= 4
    assert any("clock" in each for each in playbook.closed_when)


@pytest.mark.parametrize("slug", SLUGS)
def test_one_decision_opens_the_privacy_track(content: Catalogue, slug: str) -> None:
    gates = [each for each in content.playbook(slug).steps if each.gate]

    assert [each.slug for each in gates] == ["three-gates"]
    assert gates[0].decision is not None
    assert gates[0].decision.default == "personal-data breach"


def test_every_decision_has_an_owner_a_time_and_what_happens_in_silence(content: Catalogue) -> None:
    for playbook, step in _every_step(content):
        if step.decision:
            assert step.decision.within, (playbook.slug, step.slug)
            assert step.if_silent, (playbook.slug, step.slug)


def test_the_first_three_phases_go_on_when_nobody_answers_and_every_cut_has_a_way_back(content: Catalogue) -> None:
    for playbook, step in _every_step(content):
        if step.phase in ("start", "contain", "scope"):
            assert step.if_silent, (playbook.slug, step.slug)
        if step.phase == "contain" and step.track is Track.CONTAIN:
            assert step.undo, (playbook.slug, step.slug)


@pytest.mark.parametrize("slug", sorted({*SLUGS} - {"ransomware"}))
def test_evidence_comes_before_the_cut_or_is_due_no_later(content: Catalogue, slug: str) -> None:
    """Ransomware stands apart: its cut isolates and keeps the power on, which saves the memory."""
    evidence, cut = content.playbook(slug).step("hold-evidence"), content.playbook(slug).step("contain")

    assert evidence is not None
    assert evidence.evidence
    assert evidence.target is not None
    assert cut is not None
    assert cut.target is not None
    assert "hold-evidence" in cut.after or evidence.target.within <= cut.target.within


def test_titles_begin_with_a_verb_and_guidance_is_short(content: Catalogue) -> None:
    for playbook, step in _every_step(content):
        first = re.split(r"[ :,]", step.title)[0].lower()
        assert first in VERBS, (playbook.slug, step.slug, step.title)
        sentences = len(re.findall(r"[.!?][»\")]?(?=\s|$)", step.guidance))
        assert 2 <= sentences <= 6, (playbook.slug, step.slug, sentences)
        assert len(step.guidance.split()) <= 85, (playbook.slug, step.slug)


@pytest.mark.parametrize("slug", WITH_VENDOR)
def test_the_five_questions_to_a_vendor_are_asked_facts(content: Catalogue, slug: str) -> None:
    assert any(set(each.asks) >= VENDOR_FACTS for each in content.playbook(slug).steps)


def test_a_playbook_writes_a_step_of_the_spine_again_only_to_say_something_else() -> None:
    folder = shipped_folder("playbooks")
    written = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["steps"] for path in folder.glob("*.toml")}
    shared = {each["slug"]: each["guidance"] for each in written.pop("spine")}

    for slug, steps in written.items():
        assert len(steps) < len(shared), slug
        for each in steps:
            assert shared.get(each["slug"]) != each["guidance"], (slug, each["slug"])


EXAMPLE = """
title = "A folder stands open"
story = "Told in a test (invented)."
declared = 2026-03-09T09:30:00+01:00
zone = "Europe/Paris"

[facts]
"organisation.roles" = ["controller"]

[[acts]]
after = "10 min"
by = "scribe"
do = "done"
step = "open-log"
facts."at.detected" = 2026-03-09T08:50:00+01:00
facts."account.how_discovered" = "By chance."
"""


def _problems(folder: Path, text: str, content: Catalogue) -> list[str]:
    (folder / "examples").mkdir()
    (folder / "examples" / "personal-data-breach.toml").write_text(text, encoding="utf-8")
    law = content.law
    _, found = check_examples([folder], content.playbooks, law.vocabulary, known_obligations=law.known_obligations)
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('step = "open-log"', 'step = "opn-log"', "line 10: there is no step «opn-log» in «personal-data-breach»"),
        ('by = "scribe"', 'by = "legal"', "line 10: open-log: it is the scribe's, not the legal's."),
        ('by = "scribe"', 'by = "clerk"', "line 10: «clerk» is not a role. Did you mean"),
        ('do = "done"', 'do = "finished"', "line 10: «finished» is not something to do."),
        ('do = "done"', 'do = "skip"', "line 10: open-log: no reason is given."),
        ('do = "done"', 'do = "default"', "line 10: open-log: it decides nothing."),
        ('do = "done"', 'do = "undo"', "line 10: open-log: it is not finished, so there is nothing to undo."),
        ('step = "open-log"', 'step = "set-severity"', "set-severity: it is blocked, not open; it waits for Open the log."),
        ('step = "open-log"', 'step = "tell-people"', "tell-people: it is waiting for fact, not open; it waits for risk."),
        ('step = "open-log"\n', "", "line 10: no step is named."),
        ('facts."account.how_discovered" = "By chance."\n', "", "it asks account.how_discovered, which nobody has said."),
        ("account.how_discovered", "account.how_found", "line 10: «account.how_found» is not a fact."),
        ("2026-03-09T08:50:00+01:00", "2026-03-09T11:50:00+01:00", "lies after this act. Say a time that has passed."),
        ('after = "10 min"', 'after = "ten minutes"', "line 10: «ten minutes» is not a span of time."),
        ("T09:30:00+01:00\nzone", "T09:30:00\nzone", "the top: declared: this is not an instant with its offset."),
        ('zone = "Europe/Paris"', 'zone = "Mars/Olympus"', "the top: facts: organisation.timezone"),
        ('title = "A folder', 'titel = "A folder', "the top: «titel» is not a key here. Did you mean «title»?"),
        ("story =", "story", "the file: this is not TOML"),
        ('by = "scribe"\n', 'by = "scribe"\nexpect = { now = "review" }\n', "expected now «review», found «record-awareness»"),
        ('by = "scribe"\n', 'by = "scribe"\nexpect = { open = "contain" }\n', "contain: expected open, found blocked."),
        ('by = "scribe"\n', 'by = "scribe"\nexpect = { reopened = "open-log" }\n', "expected to be re-opened, found done."),
        ('by = "scribe"\n', 'by = "scribe"\nexpect = { opened = "contain" }\n', "«opened» is not a key here."),
    ],
)
def test_a_wrong_example_is_told_with_its_line(tmp_path: Path, content: Catalogue, wrong: str, right: str, told: str) -> None:
    assert wrong in EXAMPLE

    found = _problems(tmp_path, EXAMPLE.replace(wrong, right, 1), content)

    assert any(told in each for each in found), found


def test_an_example_that_stops_half_way_names_what_is_left_and_what_it_does_not_show(
    tmp_path: Path, content: Catalogue
) -> None:
    told = "\n".join(_problems(tmp_path, EXAMPLE, content))

    assert "not finished: name-team, set-severity" in told
    for what in ("a default taken", "a step skipped", "a fact that re-opens a step", "a decision"):
        assert f"does not show {what}." in told


def test_a_default_is_not_taken_before_its_time(tmp_path: Path, content: Catalogue) -> None:
    early = (
        '\n[[acts]]\nafter = "1 h"\nby = "commander"\ndo = "default"\nstep = "three-gates"\n'
        'unknown = ["breach.confidentiality", "breach.integrity", "breach.availability"]\n'
    )

    assert any("its time to decide has not passed" in each for each in _problems(tmp_path, EXAMPLE + early, content))
    late = early.replace('"1 h"', '"3 h"')
    (tmp_path / "late").mkdir()
    assert not any("its time to decide" in each for each in _problems(tmp_path / "late", EXAMPLE + late, content))


def test_acts_out_of_order_are_told(tmp_path: Path, content: Catalogue) -> None:
    before = '\n[[acts]]\nafter = "5 min"\nby = "commander"\ndo = "done"\nstep = "name-team"\n'

    found = _problems(tmp_path, EXAMPLE + before, content)

    assert any("line 18: this act is earlier than the one before it." in each for each in found), found


def test_the_example_of_a_playbook_that_the_user_replaced_is_not_played(tmp_path: Path, content: Catalogue) -> None:
    shipped = shipped_folder("playbooks")
    own = tmp_path / "playbooks"
    own.mkdir()
    (own / "ransomware.toml").write_text("", encoding="utf-8")
    law = content.law

    number, problems = check_examples(
        [own, shipped], content.playbooks, law.vocabulary, known_obligations=law.known_obligations
    )

    assert (number, problems) == (len(SLUGS) - 1, ())
