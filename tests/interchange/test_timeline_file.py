"""Timelines of other tools: whole or not at all, the row named, a time without a zone never guessed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from incident.domain.timeline import EntryKind, Precision
from incident.errors import ContentError
from incident.interchange.timeline_file import read_timeline
from tests.interchange.outgoing_incidents import REFERENCE

HEAD = "message,datetime,timestamp_desc\n"
GOOD = "came in,2026-03-01T10:00:00+01:00,Login\n"


def a_file(folder: Path, content: str | bytes, name: str = "lines.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_offsets_are_read_in_every_way_they_are_written(tmp_path: Path) -> None:
    rows = "".join(f"x{i},2026-03-01T10:00:00{each},L\n" for i, each in enumerate(("Z", "+0000", "+00:00", ".250+01:00")))
    found = read_timeline(a_file(tmp_path, HEAD + rows)).lines
    assert [each.at.hour for each in found] == [10, 10, 10, 9]
    assert all(each.at.tzinfo is UTC for each in found)


def test_where_a_line_comes_from_is_said(tmp_path: Path) -> None:
    text = "Message;DateTime;timestamp_description;source;actor\nran;2026-03-01T10:00:00Z;X;edr;attacker\n"
    (line,) = read_timeline(a_file(tmp_path, b"\xef\xbb\xbf" + text.encode())).lines
    assert line.source == "imported from lines.csv, line 2: edr; attacker"
    assert line.kind is EntryKind.ATTACK


def test_a_time_beside_it_that_disagrees_is_remarked_on(tmp_path: Path) -> None:
    text = "message,datetime,timestamp\na,2026-03-01T10:00:00Z,1772359200000\nb,2026-03-01T10:00:00Z,1772359200000000\n"
    found = read_timeline(a_file(tmp_path, text))
    assert [each.at for each in found.lines] == [datetime(2026, 3, 1, 10, tzinfo=UTC)] * 2
    assert "In 1 row " in found.remarks[0]
    assert "line 2" in found.remarks[0]


def test_iris_columns_take_their_zone_from_beside(tmp_path: Path) -> None:
    text = "event_title,event_date,event_tz\nfirst,2026-03-01T10:00:00.000000,+01:00\n"
    (line,) = read_timeline(a_file(tmp_path, text)).lines
    assert line.at == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_the_published_timeline_keeps_its_days_as_days() -> None:
    path = REFERENCE / "timelines" / "salesloft_drift_2025_timeline.csv"
    if not path.exists():
        pytest.skip("the published timeline is not beside the checkout")
    lines = read_timeline(path).lines
    assert len(lines) == 9
    assert [each.precision for each in lines].count(Precision.EXACT) == 1
    assert lines[0].precision is Precision.MONTH


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (HEAD + GOOD + "then,2026-03-01T11:00:00,L\n", "l.csv", "line 3: the time «2026-03-01T11:00:00» has no zone"),
        (HEAD + GOOD + "then,2026-03-01,L\n", "l.csv", "line 3: the time «2026-03-01» has no zone"),
        (HEAD + "then,yesterday,L\n", "l.csv", "line 2: «yesterday» is not a time"),
        (HEAD + "then,,L\n", "l.csv", "line 2: there is no time"),
        (HEAD + "then,0001-01-01T00:00:00+23:59,L\n", "l.csv", "line 2: the year 1 cannot be right"),
        (HEAD + ",2026-03-01T10:00:00Z,L\n", "l.csv", "line 2: the message is empty"),
        (HEAD + "a,b,c,d,e\n", "l.csv", "line 2: it has 5 cells"),
        (HEAD + '"a\n', "l.csv", "line 2"),
        (HEAD + "\x00,2026-03-01T10:00:00Z,L\n", "l.csv", "line 2"),
        (HEAD, "l.csv", "there is no row"),
        ("", "l.csv", "no column `message`"),
        ("message,when\n", "l.csv", "no column `datetime`"),
        ("message,datetime,message\n", "l.csv", "a column is there twice"),
        (b"\xff\xfe\x00m", "l.csv", "byte 0 is not UTF-8"),
        (HEAD + GOOD, "l.txt", "no timeline that can be read"),
        ('[{"message": "a"}]', "l.jsonl", "line 1: this is not one JSON object"),
        (
            '{"message": "a", "datetime": "2026-03-01T10:00:00"}',
            "l.jsonl",
            "line 1: the time «2026-03-01T10:00:00» has no zone",
        ),
        ('{"message": "a", "datetime": "2026-03-01T10:00:00Z"}\n{"a": NaN}', "l.jsonl", "line 2: «NaN» is not a value"),
        ("\n\n" + "[" * 5000, "l.jsonl", "line 3: it is nested more than 60 deep"),
        ("{" * 10, "l.jsonl", "line 1: this is not JSON"),
        ('{"message": {"a": 1}, "datetime": "2026-03-01T10:00:00Z"}', "l.jsonl", "line 1: the message is empty"),
        ('{"message": "a", "datetime": 5}', "l.jsonl", "line 1: «5» is not a time"),
    ],
)
def test_bad_rows_are_refused_with_their_place(tmp_path: Path, content: str | bytes, name: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        read_timeline(a_file(tmp_path, content, name))
    assert said in refused.value.message
    assert refused.value.message.startswith(name)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="line 2: this is not CSV"):
        read_timeline(a_file(tmp_path, HEAD + "a" * 200_000 + ",2026-03-01T10:00:00Z,L\n"))


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incident.interchange.timeline_file._MOST_ROWS", 3)
    with pytest.raises(ContentError, match="line 5: there are more than 3 rows"):
        read_timeline(a_file(tmp_path, HEAD + GOOD * 5))


def test_what_no_screen_shows_does_not_come_in(tmp_path: Path) -> None:
    text = '{"message": "a\\u202eb\\u001b[31m\\ud800 c\\td", "datetime": "2026-03-01T10:00:00Z"}'
    (line,) = read_timeline(a_file(tmp_path, text, "l.jsonl")).lines
    assert line.text == "ab[31m? c d"
    line.text.encode()
