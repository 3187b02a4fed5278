"""Regimes of the user's own: whatever stands in them, the law that ships is evaluated and the bad file is named."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incident.content.folders import regimes_folder
from incident.content.regimes import LawBook, read_examples, read_regimes
from incident.content.vocabulary import read_vocabulary
from incident.domain.assessment import assess
from incident.errors import ContentError
from incident.usecases.assess import load_law, one_regime
from tests.regimes.test_hostile_law import GOOD

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def regime(slug: str, **changes: str) -> str:
    """The good regime under another slug; each change gives a key of its duty another line."""
    text = GOOD.replace("xx-good", slug)
    for key, line in changes.items():
        head, duty = text.split("[[duties]]")
        kept = [each for each in duty.splitlines() if not each.startswith(f"{key} =")]
        text = f"{head}[[duties]]" + "\n".join([*kept, line]) + "\n"
    return text


def own(folder: Path, **files: str) -> LawBook:
    """The regimes of a folder of the user's own, and a good one beside them that must always load."""
    below = folder / "own"
    below.mkdir(exist_ok=True)
    (below / "aa-good.toml").write_text(regime("aa-good"), encoding="utf-8")
    for name, text in files.items():
        (below / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return read_regimes((folder,), read_vocabulary(regimes_folder() / "vocabulary.toml"))


def refusal(folder: Path, text: str) -> str:
    """What is said about a bad regime `xx-bad`; nothing else may suffer from it."""
    found = own(folder, xx_bad=text)
    assert [each.slug for each in found.regimes] == ["aa-good"]
    assert [each.place for each in found.problems] == ["xx-bad"]
    return str(found.problems[0])


@pytest.mark.parametrize("relation", ["filed", "filed-last", "with", "before"])
def test_a_clock_that_hangs_on_itself_is_refused(tmp_path: Path, relation: str) -> None:
    said = refusal(tmp_path, regime("xx-bad", starts=f'starts = "{relation}:xx-bad/authority"'))
    assert said.startswith("xx-bad.toml: duties.authority: it hangs on itself: xx-bad/authority → xx-bad/authority")


@pytest.mark.parametrize("key", ["cap", "not_before"])
def test_a_limit_that_hangs_on_its_own_duty_is_refused(tmp_path: Path, key: str) -> None:
    limit = f'{key} = {{ starts = "filed:xx-bad/authority", period = "24 hours" }}'
    assert "hangs on itself" in refusal(tmp_path, regime("xx-bad", **{key: limit}))


@pytest.mark.parametrize("relation", ["filed", "with", "before"])
def test_of_two_that_hang_on_each_other_neither_counts_and_both_are_named(tmp_path: Path, relation: str) -> None:
    one = regime("xx-a", starts=f'starts = "{relation}:xx-b/authority"')
    other = regime("xx-b", starts=f'starts = "{relation}:xx-a/authority"')
    third = regime("xx-c", starts=f'starts = "{relation}:xx-a/authority"')
    found = own(tmp_path, xx_a=one, xx_b=other, xx_c=third)
    assert [each.slug for each in found.regimes] == ["aa-good"]
    said = {each.place: str(each) for each in found.problems}
    assert "hangs on itself" in said["xx-b"]
    assert "no obligation «xx-b/authority»" in said["xx-a"]
    assert "no obligation «xx-a/authority»" in said["xx-c"]


def test_a_chain_without_end_is_refused_and_a_short_one_is_counted(tmp_path: Path) -> None:
    def chain(length: int) -> str:
        head, duty = regime("xx-bad").split("[[duties]]")
        links = [
            duty.replace('"authority"\ntitle', f'"d{number}"\ntitle').replace('"aware"', f'"filed:xx-bad/d{number - 1}"')
            for number in range(1, length)
        ]
        return head + "[[duties]]".join(["", duty.replace('"authority"\ntitle', '"d0"\ntitle'), *links])

    assert "more than 20 others" in refusal(tmp_path, chain(400))
    assert not own(tmp_path, xx_bad=chain(15)).problems


def test_named_conditions_that_stand_on_each_other_are_refused(tmp_path: Path) -> None:
    named = '[conditions]\na = ["$b"]\nb = ["$a"]\n'
    text = regime("xx-bad", when='when = ["$a"]').replace("[[duties]]", f"{named}\n[[duties]]")
    assert "conditions.a: it stands on itself: $a → $b → $a" in refusal(tmp_path, text)


def test_conditions_that_grow_without_measure_are_refused(tmp_path: Path) -> None:
    named = "\n".join(f'c{number} = ["$c{number - 1}", "$c{number - 1}"]' for number in range(1, 41))
    text = regime("xx-bad", when='when = ["$c15"]').replace(
        "[[duties]]", f'[conditions]\nc0 = "data.encrypted"\n{named}\n\n[[duties]]'
    )
    assert "more than 300 things" in refusal(tmp_path, text)
    deep = text.replace('"$c15"', '"$c40"')
    assert "too deeply" in refusal(tmp_path, deep)


@pytest.mark.parametrize(
    "period",
    ["1000000000000 calendar_days", "3000000 calendar_days", "87661 hours", "1201 months", "2611 business_days", "9" * 5000],
)
def test_a_period_without_measure_is_refused_by_its_key(tmp_path: Path, period: str) -> None:
    period = period if " " in period else f"{period} hours"
    said = refusal(tmp_path, regime("xx-bad", period=f'period = "{period}"'))
    assert "duties.authority: period: " in said
    assert "longer than any law" in said
    assert len(said) < 300
    cap = f'cap = {{ starts = "aware", period = "{period}" }}'
    assert "cap.period: " in refusal(tmp_path, regime("xx-bad", cap=cap))


@pytest.mark.parametrize("unit", ["87660 hours", "36525 calendar_days", "2610 business_days", "1200 months"])
def test_the_longest_periods_are_counted_to_their_end(tmp_path: Path, unit: str) -> None:
    book = own(tmp_path, xx_long=regime("xx-long", period=f'period = "{unit}"'))
    law = load_law()
    facts = law.facts({"at": {"aware": "2199-12-31T23:59:59-12:00"}, "people": [{"in": "DE", "count": 9}]}, source="test")
    answer = assess(facts, book.regimes, now=NOW, calendars=law.calendars)
    assert all(each.due_at is not None for each in answer.obligations)


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    below = tmp_path / "own"
    below.mkdir()
    os.mkfifo(below / "xx-pipe.toml")
    (below / "xx-zero.toml").symlink_to("/dev/zero")
    (below / "xx-folder.toml").mkdir()
    (below / "xx-loop.toml").symlink_to("xx-loop.toml")
    (below / "xx-large.toml").write_text("a = 1\n" * 400_000)
    found = own(tmp_path)
    assert [each.slug for each in found.regimes] == ["aa-good"]
    said = {each.place: str(each) for each in found.problems}
    assert "this is a pipe or a device" in said["xx-pipe"]
    assert "this is a pipe or a device" in said["xx-zero"]
    assert "this is a folder" in said["xx-folder"]
    assert "symbolic links" in said["xx-loop"]
    assert "more than 2 megabytes" in said["xx-large"]


def test_a_key_of_thousands_of_parts_is_refused_at_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, "a = 1\n" + ".".join(["a"] * 60_000) + " = 1\n")
    assert "more than 32 parts (line 2)" in said


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The user's folder; the law is read anew before and after."""
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path))
    folder = tmp_path / "regimes" / "own"
    folder.mkdir(parents=True)
    load_law.cache_clear()
    yield folder
    monkeypatch.undo()
    load_law.cache_clear()


def test_a_shipped_law_is_never_replaced_or_switched_off(own_folder: Path) -> None:
    (own_folder / "eu-gdpr.toml").write_text(regime("eu-gdpr"), encoding="utf-8")
    (own_folder / "other.toml").write_text(regime("us-hipaa"), encoding="utf-8")
    (own_folder / "us-ca.toml").write_text("slug = ", encoding="utf-8")
    law = load_law()
    assert {"eu-gdpr", "us-hipaa", "us-ca"} <= {each.slug for each in law.regimes}
    assert [each.regime for each in law.unevaluated] == ["own/us-ca.toml", "own/eu-gdpr.toml", "other"]
    filed = [{"obligation": "eu-gdpr/authority@DE", "at": "2026-03-02T09:00:00Z"}]
    assert law.facts({"filed": filed}, source="test").known("filed")
    gdpr = one_regime("eu-gdpr")
    assert gdpr is not None
    assert len(gdpr.duties) > 1


def test_the_users_regimes_count_at_the_top_of_their_folder_too(own_folder: Path) -> None:
    (own_folder.parent / "xx-top.toml").write_text(regime("xx-top"), encoding="utf-8")
    (own_folder / "a-file.toml").write_text(regime("xx-below"), encoding="utf-8")
    assert {"xx-top", "xx-below"} <= {each.slug for each in load_law().regimes}
    below = one_regime("xx-below")
    assert below is not None
    assert below.slug == "xx-below"


def test_an_example_that_is_none_is_named(own_folder: Path) -> None:
    (own_folder / "xx.examples.toml").write_text('[[examples]]\nid = "a"\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"xx\.examples\.toml: examples\[1\]\.facts» is missing"):
        read_examples((own_folder.parent,))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('when = ["people', 'status = "future"\nwhen = ["people', "effective_from"),
        ('when = ["people', 'status = "superseded"\nwhen = ["people', "effective_until"),
        ('when = ["people', 'status = "someday"\nwhen = ["people', "someday"),
        ('place = "DE"', 'place = "Atlantis"', "Atlantis"),
        ("recheck_by = 2027-01-01", "recheck_by = 2025-01-01", "recheck_by"),
        ('slug = "authority"', 'slug = "Auth/ority x"', "Auth/ority x"),
        ('slug = "xx-bad"', 'slug = "xx bad"', "xx bad"),
        ('"72 hours"', '"0 hours"', "no time at all"),
        ('"72 hours"', "72", "period: 72 is not one line of text"),
        ('title = "Good law"', 'title = "\\u001b[2Jevil\\u202e"', "title"),
        ('recipient = "authority"', 'recipient = "a\\u202eb"', "recipient"),
        ("checked_on = 2026-01-01", "checked_on = 2026-01-01T10:00:00Z", "checked_on"),
        ('when = ["people', 'effective_from = 2026-01-01T10:00:00Z\nwhen = ["people', "effective_from"),
        ('when = ["people', 'zone = "Mars/Olympus"\nwhen = ["people', "Mars/Olympus"),
        ('when = ["people', 'calendar = "Mars"\nwhen = ["people', "Mars"),
        ('when = ["people', 'readings = ["mine"]\nwhen = ["people', "mine"),
        ('when = ["people', 'places = "moon"\nwhen = ["people', "moon"),
        ('when = ["people', 'first_day = 7\nwhen = ["people', "first_day"),
        ('when = ["people', 'order = [{ relation = "near", to = "xx-bad/authority" }]\nwhen = ["people', "near"),
        ('when = ["people', 'order = [{ relation = 1, to = 2 }]\nwhen = ["people', "order.relation"),
        ('when = ["people', 'hold = { policy = "later_of", kinds = ["priest"] }\nwhen = ["people', "priest"),
        ('when = ["people', 'hold = { policy = "later_of", oral_days = 10000000 }\nwhen = ["people', "oral_days"),
        ('when = ["people in DE > 5"]', "when = [1]", "when"),
        ('when = ["people in DE > 5"]', 'when = ["people in DE > ²"]', "number"),
        ('when = ["people in DE > 5"]', 'when = ["at.handled later than 1 months after at.awrae"]', "at.awrae"),
        ('when = ["people in DE > 5"]', 'when = ["at.handled later than 1 months after filed:xx/yy"]', "xx/yy"),
        ('confidence = "high"', 'confidence = "high"\nimputed = ["boss"]', "boss"),
        ('confidence = "high"', 'confidence = "high"\nfacts = [1]', "facts"),
        ('confidence = "high"', 'confidence = "high"\nconditions = { a = 1 }', "a: 1 is not"),
        ('confidence = "high"', 'confidence = "high"\nduties = []', "duties"),
    ],
)
def test_what_no_law_can_mean_is_refused_by_its_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = regime("xx-bad")
    assert old in text
    text = text.replace(old, new, 1)
    text = text.split("[[duties]]")[0] if "duties = []" in new else text
    said = refusal(tmp_path, text)
    assert named in said
    assert said.isprintable()
    assert "xx-bad.toml: xx-bad" not in said


def test_two_that_each_go_before_the_other_are_refused(tmp_path: Path) -> None:
    order = 'order = [{{ relation = "{0}", to = "{1}/authority" }}]'
    one = regime("xx-a", order=order.format("before", "xx-b"))
    other = regime("xx-b", order=order.format("before", "xx-a"))
    found = own(tmp_path, xx_a=one, xx_b=other)
    assert "must be sent before itself" in str(next(each for each in found.problems if each.place == "xx-b"))
    agreed = regime("xx-b", order=order.format("after", "xx-a"))
    assert not own(tmp_path, xx_a=one, xx_b=agreed).problems
