"""Checking recipients' files: who gets a letter, who does not and why, and what the law then counts."""

import tracemalloc
from pathlib import Path

import pytest

from incident.domain.letters import Rejected, Tally, Why, people_rows
from incident.domain.letters_address import full_name, town_lines
from incident.errors import ContentError, IncidentError, RefusedError
from incident.usecases.desk import Desk
from incident.usecases.facts import values_for
from incident.usecases.letters import Checked, RunOrder, check, remembered
from incident.usecases.letters_returned import returned
from incident.usecases.letters_spill import Spill
from tests.conftest import NOW, an_incident, say
from tests.usecases.letter_runs import HEAD, person, rejected, write


def checked(desk: Desk, *files: Path, **more: object) -> tuple[Checked, list[Rejected]]:
    incident = more.pop("incident", None) or an_incident(desk)
    told: list[Rejected] = []
    record, to = bool(more.pop("record_people", False)), more.pop("rejected_to", None)
    order = RunOrder(files, **more)  # type: ignore[arg-type]
    found = check(desk, incident, order, now=NOW, rejected_to=to, told=told.append, record_people=record)  # type: ignore[arg-type]
    return found, told


def test_every_bad_row_is_named_with_its_line_and_lands_in_the_file(ana: Desk, tmp_path: Path) -> None:
    bad = [
        (person(2, Name='=HYPERLINK("http://x.example")'), "begins like a formula"),
        (person(3, Name="N" * 4_000), "4000 characters"),
        (person(4, Name=""), "no name"),
        (person(5, Street=""), "no street"),
        (person(6, ZIP="9411"), "no postcode of US"),
        (person(7, Country="Atlantis"), "is no country"),
        (person(8, State="XX"), "no state or province"),
        (person(9)[:5], "5 cells; the header names 8"),
        (person(1, ID="c99"), "The same person stands in line 2"),
        (person(1, Name="Other (invented)"), "The same key stands in line 2"),
        (person(12, Name="a\nb"), "several lines"),
    ]
    file = write(tmp_path / "people.csv", [person(1), *(row for row, _ in bad), person(50)])
    found, told = checked(ana, file, rejected_to=tmp_path / "rejected.csv")
    assert found.tally.letters == 2
    lines = {each.line: each.reason for each in told}
    assert len(lines) == len(bad)
    for line, (_, said) in enumerate(bad, start=3):
        assert said in lines[line]
    kept = rejected(tmp_path / "rejected.csv")
    assert sorted(int(each[1]) for each in kept) == sorted(lines)
    assert not any(cell.startswith("=") for row in kept for cell in row)
    assert (tmp_path / "rejected.csv").stat().st_mode & 0o077 == 0
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(RefusedError, match="something else"):
        checked(ana, file, rejected_to=tmp_path / "mine.csv")


def test_counts_become_the_fact_that_thresholds_hang_on(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "FR 12, US-CA 1")
    head = (*HEAD, "Do not contact", "Returned", "Minor", "Deceased", "Language")
    rows = [
        [*person(1), "", "", "yes", "", "en"],
        [*person(2), "yes", "", "", "", ""],
        [*person(3), "", "x", "", "", ""],
        [*person(4, Country="Deutschland", ZIP="10115", State=""), "", "", "", "1", "de-AT"],
        [*person(5), "", "maybe", "", "", ""],
    ]
    found, told = checked(ana, write(tmp_path / "p.csv", rows, head), incident=incident, record_people=True)
    tally = found.tally
    assert (dict(tally.places), dict(tally.languages)) == ({"US-CA": 1, "DE": 1}, {"en": 1, "de": 1})
    assert dict(tally.readers) == {"guardian": 1, "next_of_kin": 1}
    assert [each.why for each in told] == [Why.DO_NOT_CONTACT, Why.RETURNED, Why.BAD]
    assert values_for(ana, incident)["people"] == [
        {"in": "FR", "count": 12},
        {"in": "DE", "count": 1, "estimated": True},
        {"in": "US-CA", "count": 3, "estimated": True, "unreachable": 1},
    ]


def test_doubles_are_found_across_files_and_identical_rows_give_one_letter(ana: Desk, tmp_path: Path) -> None:
    same = write(tmp_path / "same.csv", (person(1) for _ in range(2_000)))
    other = write(tmp_path / "other.csv", [person(1), person(2)])
    tracemalloc.start()
    found, told = checked(ana, same, other)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.tally.letters, found.tally.rejected[Why.DUPLICATE.value]) == (2, 2_000)
    assert "line 2 of same.csv" in next(each.reason for each in told if each.source == 1)
    assert peak < 30_000_000
    twins = write(tmp_path / "twins.csv", [person(1), person(1, ID="c2")])
    assert checked(ana, twins, keep_same_person=True)[0].tally.letters == 2


def test_what_was_mapped_by_hand_is_remembered_for_that_header(ana: Desk, tmp_path: Path) -> None:
    head = ("Nr", "Wer", "Wo", "Stadt", "Code", "State", "Land", "Kinds")
    order = ("ID", "Name", "Street", "City", "ZIP", "State", "Country", "Elements")
    rows = [[person(n)[HEAD.index(name)] for name in order] for n in range(3)]
    file = write(tmp_path / "p.csv", rows, head)
    with pytest.raises(ContentError, match="no column for name, street"):
        checked(ana, file)
    mapping = {"name": "Wer", "street": "Wo", "city": "Stadt", "postcode": "Code"}
    assert checked(ana, file, mapping=mapping)[0].tally.letters == 3
    assert remembered(ana, head) == mapping
    assert checked(ana, file)[0].tally.letters == 3


def test_returned_letters_are_counted_and_ten_are_said(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "US-CA 700")
    manifest = write(
        tmp_path / "manifest.csv",
        [[f"c{n}", f"R-{n}", "US-CA" if n % 2 else "US-NV"] for n in range(30)],
        ("key", "reference", "place"),
    )
    back = [[f"R-{n}", "Moved" if n % 3 else "unknown"] for n in range(20)]
    file = write(tmp_path / "back.csv", [*back, ["R-1", "moved"], ["R-77", "moved"]], ("Reference", "Reason"))
    found = returned(ana, incident, file, manifest, now=NOW, record_people=True)
    assert (found.letters, found.unknown, found.twice) == (21, 1, 1)
    assert dict(found.reasons) == {"unknown": 7, "moved": 14}
    assert found.threshold_places == ("US-CA", "US-NV")
    assert values_for(ana, incident)["people"] == [
        {"in": "US-CA", "count": 700, "unreachable": 10},
        {"in": "US-NV", "unreachable": 10},
    ]
    with pytest.raises(IncidentError, match="of no letter is it known"):
        returned(ana, incident, file, None, now=NOW, record_people=True)
    with pytest.raises(ContentError, match="line 3: no reference"):
        returned(ana, incident, write(tmp_path / "b.csv", [["R-1", "x"], ["", "x"]], ("Reference", "Reason")), None, now=NOW)


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("DE", ("10115 Berlin",)),
        ("US", ("Berlin NH 10115",)),
        ("GB", ("Berlin", "10115")),
        ("IT", ("10115 Berlin NH",)),
        ("NL", ("10115  Berlin",)),
    ],
)
def test_the_towns_line_is_written_as_in_its_country(country: str, lines: tuple[str, ...]) -> None:
    assert town_lines(country, city="Berlin", region="NH", postcode="10115") == lines


def test_names_stand_in_the_order_of_the_country() -> None:
    assert (full_name("Zoë", "Kiss", "DE"), full_name("Zoë", "Kiss", "HU")) == ("Zoë Kiss", "Kiss Zoë")


def test_a_count_is_an_estimate_only_while_rows_could_not_be_read() -> None:
    tally = Tally()
    tally.places["DE"] = 5
    assert people_rows(tally, None) == [{"in": "DE", "count": 5, "estimated": False}]


def test_sorting_on_disk_keeps_everything_and_nothing_can_be_read_there(tmp_path: Path) -> None:
    with Spill(run=50, folder=tmp_path) as spill:
        for number in range(500):
            spill.add(f"{number * 7919 % 500:04d}".encode(), b"a name")
        assert list(tmp_path.iterdir()) == []
        assert [key for key, _ in spill.merged()] == [f"{number:04d}".encode() for number in range(500)]
        spill._file.seek(0)
        assert b"a name" not in spill._file.read()
