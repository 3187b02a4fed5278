"""Playbook files: one defect a file is told in one sentence with its place, and everything else still loads."""

from pathlib import Path

import pytest

from incident.content.folders import shipped_folder
from incident.content.playbook_document import playbook_from_document, playbook_to_document
from incident.content.playbooks import read_playbooks
from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.usecases.assess import Law

HEAD = """title = "Own"
summary = "s"
use_when = "u"
not_when = "n"
version = "1"
first_checks = ["Look."]

[[phases]]
slug = "start"
title = "Start"
objective = "Begin."
"""
STEP = """
[[steps]]
slug = "{slug}"
phase = "start"
title = "Do it"
owner = "scribe"
guidance = "Do it."
{more}
"""
NOTICES = frozenset({"gdpr-authority"})


def step(slug: str, more: str = "") -> str:
    return STEP.format(slug=slug, more=more)


def read(law: Law, *folders: Path) -> tuple[tuple[Playbook, ...], tuple[Problem, ...]]:
    return read_playbooks(folders, law.vocabulary, notice_templates=NOTICES)


def own(law: Law, folder: Path, text: str, *, name: str = "own") -> tuple[dict[str, Playbook], tuple[Problem, ...]]:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    (folder / "sound.toml").write_text(HEAD + step("log"), encoding="utf-8")
    playbooks, problems = read(law, folder)
    return {each.slug: each for each in playbooks}, problems


DEFECTS = [
    (
        HEAD + step("a", 'after = ["b"]') + step("b", 'after = ["a"]'),
        "line 19",
        "wait for each other: a → b → a",
        "Drop one",
    ),
    (HEAD + step("a", 'after = ["a"]'), "line 19", "it waits for itself", "Drop one"),
    (HEAD + step("log") + step("b", 'after = ["lo"]'), "line 27", "there is no step «lo»", "Did you mean «log»?"),
    (HEAD + step("a").replace("scribe", "scribbe"), "line 17", "«scribbe» is not a role", "«scribe»"),
    (HEAD + step("a", 'when = "data.encripted"'), "line 19", "«data.encripted» is not a fact", "«data.encrypted»"),
    (HEAD + step("a", 'when = "people in"'), "line 19", "«people in»", "grammar"),
    (HEAD + step("a", "when = []"), "line 19", "the list of conditions is empty", "Leave the key out"),
    (HEAD + step("a", 'asks = ["peeple"]'), "line 19", "«peeple» is not a fact", "«people»"),
    (HEAD + step("a") + step("a"), "line 22", "the slug «a» is there twice", "its own slug"),
    (
        HEAD + '\n[[phases]]\nslug = "start"\ntitle = "x"\nobjective = "y"\n' + step("a"),
        "line 14",
        "there twice",
        "its own slug",
    ),
    (HEAD + step("a", 'target = "soon"'), "line 19", "«soon» is not a target", "30 min after declared"),
    (HEAD + step("a", 'target = "9999999 d after declared"'), "line 19", "not a span of time", "3 d"),
    (HEAD + step("a", 'target = "3 h after dawn"'), "line 19", "«at.dawn» is not a fact", "Did you mean"),
    (HEAD + step("a", 'after = "b"'), "line 19", "«after» is not a list", 'after = ["…"]'),
    (HEAD + step("a", 'gate = "yes"'), "line 19", "neither true nor false", "gate = true"),
    (HEAD + step("a", "undo = 3"), "line 19", "«undo» is not a text", "quotes"),
    (HEAD + step("a", 'guidence = "x"'), "line 19", "«guidence» is not a key here", "«guidance»"),
    (HEAD + step("a").replace('"Do it."', '"  "'), "line 18", "there is no guidance", "Say what to do"),
    (HEAD + step("a").replace('"start"', '"stat"'), "line 15", "there is no phase «stat»", "«start»"),
    (HEAD + step("A b"), "line 14", "has no slug of small letters", "isolate-host"),
    (
        HEAD + step("a", 'decision = { question = "?", options = ["x", "y"], default = "z", by = "legal" }'),
        "line 19",
        "the default is not one of the options",
        "Name one",
    ),
    (
        HEAD + step("a", 'decision = { question = "?", options = ["x", "y"], default = "x", by = "legal", within = "4" }'),
        "line 19",
        "«4» is not a span of time",
        "4 h",
    ),
    (HEAD, "steps", "a playbook needs phases and steps", "spine"),
    ('titel = "x"\n' + HEAD + step("a"), "line 1", "«titel» is not a key here", "«title»"),
    (HEAD.replace('summary = "s"', "summary = 1") + step("a"), "line 2", "«summary» is not a text", "quotes"),
    ('steps = "none"\n' + HEAD, "line 1", "these are not steps", "[[steps]]"),
    ('inherits = "spin"\n' + HEAD + step("a"), "line 1", "«spin» is not a playbook to inherit from", "Did you mean"),
    ("title = \n", "line 1", "this is not TOML", "Mend the line"),
    ("x = " + "[" * 3000, "the file", "", ""),
]


@pytest.mark.parametrize(("text", "line", "says", "mend"), DEFECTS, ids=[each[2][:40] for each in DEFECTS])
def test_one_defect_is_one_sentence_with_its_line_and_the_rest_works(
    law: Law, tmp_path: Path, text: str, line: str, says: str, mend: str
) -> None:
    playbooks, problems = own(law, tmp_path / "p", text)
    assert set(playbooks) == {"sound"}
    (problem,) = problems
    assert problem.file == "own.toml"
    if says:
        assert says in problem.message
        assert mend in problem.mend
        assert problem.place == line
    assert "\n" not in str(problem)


def test_a_file_of_five_megabytes_and_one_that_is_no_text_are_not_read(law: Law, tmp_path: Path) -> None:
    playbooks, problems = own(law, tmp_path / "p", HEAD + step("a") + "#" * (5 * 1024 * 1024))
    assert set(playbooks) == {"sound"}
    assert "larger than any playbook" in problems[0].message
    (tmp_path / "p" / "own.toml").write_bytes(b'title = "\xff\xfe"')
    assert "not UTF-8" in read(law, tmp_path / "p")[1][0].message


def test_two_thousand_steps_in_one_chain_load_and_a_circle_of_as_many_is_told_shortly(law: Law, tmp_path: Path) -> None:
    chain = "".join(step(f"s{n}", f'after = ["s{n + 1}"]' if n < 1999 else "") for n in range(2000))
    playbooks, problems = own(law, tmp_path / "p", HEAD + chain)
    assert problems == ()
    assert len(playbooks["own"].steps) == 2000
    circle = "".join(step(f"s{n}", f'after = ["s{(n + 1) % 2000}"]') for n in range(2000))
    playbooks, problems = own(law, tmp_path / "p", HEAD + circle)
    assert set(playbooks) == {"sound"}
    assert "more …" in problems[0].message
    assert len(str(problems[0])) < 300


def test_the_users_file_wins_and_while_it_is_broken_the_shipped_one_stands_in(law: Law, tmp_path: Path) -> None:
    mine, shipped = tmp_path / "mine", tmp_path / "shipped"
    for folder, title in ((mine, "Mine"), (shipped, "Shipped")):
        folder.mkdir()
        (folder / "own.toml").write_text(HEAD.replace('"Own"', f'"{title}"') + step("log"), encoding="utf-8")
    assert [each.title for each in read(law, mine, shipped)[0]] == ["Mine"]
    (mine / "own.toml").write_text("title = [", encoding="utf-8")
    playbooks, problems = read(law, mine, shipped)
    assert [each.title for each in playbooks] == ["Shipped"]
    assert "not TOML" in problems[0].message
    (mine / "own.toml").write_text(HEAD + step("log", "gate = 1"), encoding="utf-8")
    playbooks, problems = read(law, mine, shipped)
    assert [each.title for each in playbooks] == ["Shipped"]
    assert "the one that comes with the program is used" in problems[0].mend


def test_a_users_spine_that_does_not_fit_the_shipped_playbooks_takes_none_away_and_is_one_problem(
    law: Law, tmp_path: Path
) -> None:
    shipped = shipped_folder("playbooks")
    text = (shipped / "spine.toml").read_text("utf-8")
    renamed = text.replace('slug = "scope"', 'slug = "extent"').replace('phase = "scope"', 'phase = "extent"')
    (tmp_path / "spine.toml").write_text(renamed, encoding="utf-8")
    templates = frozenset(each.name for each in shipped_folder("notice_templates").iterdir())
    playbooks, problems = read_playbooks((tmp_path, shipped), law.vocabulary, notice_templates=templates)
    assert {each.slug for each in playbooks} == {path.stem for path in shipped.glob("*.toml")} - {"spine"}
    (problem,) = problems
    assert problem.file == "spine.toml"
    assert "lacks the phase «scope»" in str(problem)


def test_a_users_broken_spine_takes_no_playbook_away(law: Law, tmp_path: Path) -> None:
    (tmp_path / "spine.toml").write_text("title = 3", encoding="utf-8")
    shipped = shipped_folder("playbooks")
    templates = frozenset(each.name for each in shipped_folder("notice_templates").iterdir())
    playbooks, problems = read_playbooks((tmp_path, shipped), law.vocabulary, notice_templates=templates)
    assert {each.slug for each in playbooks} == {path.stem for path in shipped.glob("*.toml")} - {"spine"}
    assert [each.file for each in problems] == ["spine.toml"]


def test_inherited_steps_are_replaced_dropped_with_a_reason_and_added(law: Law, tmp_path: Path) -> None:
    base = HEAD + step("log") + step("name", 'after = ["log"]')
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    head = 'inherits = "base"\ntitle = "Own"\n'
    child = head + 'drops = { "name" = "there is no team" }\n' + step("log").replace("Do it.", "Mine.") + step("new")
    (tmp_path / "child.toml").write_text(child, encoding="utf-8")
    playbooks, problems = read(law, tmp_path)
    assert problems == ()
    found = {each.slug: each for each in playbooks}["child"]
    assert [(each.slug, each.guidance) for each in found.steps] == [("log", "Mine."), ("new", "Do it.")]
    for drops, says in (
        ('{ "nam" = "x" }', "«nam» is not inherited"),
        ('{ "name" = " " }', "needs its reason"),
        ('["name"]', "needs its reason"),
        ('{ "log" = "x" }', "waits for «log», which is dropped"),
    ):
        (tmp_path / "child.toml").write_text(head + f"drops = {drops}\n" + step("new"), encoding="utf-8")
        assert says in read(law, tmp_path)[1][0].message


def test_a_pivot_that_leads_nowhere_is_told_and_the_playbook_still_used(law: Law, tmp_path: Path) -> None:
    playbooks, problems = own(law, tmp_path / "p", 'pivots = { "sond" = "when" }\n' + HEAD + step("a"))
    assert set(playbooks) == {"own", "sound"}
    assert "there is no playbook «sond»" in problems[0].message
    assert problems[0].place == "line 1"


def test_a_notice_whose_template_is_broken_takes_no_playbook_away(law: Law, tmp_path: Path) -> None:
    playbooks, problems = own(law, tmp_path / "p", HEAD + step("a", 'drafts = ["gdpr-autority"]'))
    assert playbooks["own"].steps[0].drafts == ("gdpr-autority",)
    (problem,) = problems
    assert "no notice «gdpr-autority»" in problem.message
    assert (problem.place, problem.mend) == ("line 19", "Did you mean «gdpr-authority»?")
    every, told = read_playbooks((shipped_folder("playbooks"),), law.vocabulary, notice_templates=())
    assert len(every) == len(list(shipped_folder("playbooks").glob("*.toml"))) - 1
    assert told


def test_the_example_in_the_documentation_is_a_playbook(law: Law, tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "playbooks.md").read_text(encoding="utf-8")
    (tmp_path / "printer.toml").write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    templates = frozenset(each.name for each in shipped_folder("notice_templates").iterdir())
    folders = (tmp_path, shipped_folder("playbooks"))
    playbooks, problems = read_playbooks(folders, law.vocabulary, notice_templates=templates)
    assert problems == ()
    assert "printer" in {each.slug for each in playbooks}


def test_the_document_of_every_shipped_playbook_reads_back_the_same(law: Law) -> None:
    from incident.usecases.catalogue import catalogue

    for each in catalogue().playbooks.values():
        assert playbook_from_document(playbook_to_document(each)) == each


def test_a_document_from_before_there_were_gates_and_pivots_still_reads(law: Law) -> None:
    from incident.usecases.catalogue import catalogue

    document = playbook_to_document(catalogue().playbook("ransomware"))
    for key in ("first_checks", "pivots"):
        del document[key]
    for each in document["steps"]:
        del each["gate"], each["tags"]
        if each["decision"]:
            del each["decision"]["within_seconds"]
    assert len(playbook_from_document(document).steps) == len(document["steps"])


def test_a_target_before_the_time_to_decide_is_over_is_a_problem_and_the_playbook_is_used(law: Law, tmp_path: Path) -> None:
    decision = 'decision = { question = "Cut?", options = ["yes", "no"], default = "yes", by = "legal", within = "4 h" }'
    text = HEAD + step("cut", f'target = "2 h after declared"\n{decision}')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    playbooks, problems = read(law, tmp_path)
    assert [each.slug for each in playbooks] == ["own"]
    assert [(each.file, each.message) for each in problems] == [
        ("own.toml", "steps.cut: the target comes before the time to decide is over (`within`).")
    ]
    assert problems[0].place == "line 19"
    (tmp_path / "own.toml").write_text(text.replace("2 h after", "4 h after"), encoding="utf-8")
    assert read(law, tmp_path)[1] == ()


def test_more_than_two_thousand_steps_are_refused(law: Law, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEAD + "".join(step(f"s{number}") for number in range(2001)), encoding="utf-8")
    playbooks, problems = read(law, tmp_path)
    assert (playbooks, [each.message for each in problems]) == ((), ["2,001 steps are more than anybody can follow."])
