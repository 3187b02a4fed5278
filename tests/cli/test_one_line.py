"""What the command line says about input that cannot be used: one line, status 2, nothing on standard output."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from incident.cli.app import main


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    assert out.err.rstrip("\n").isprintable()
    return out.err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"at": {"aware": "2026-03-03T09:00:00"}}', ("at.aware", "Add the offset")),
        ('{"a\\u202eb\\n": 1}', (r"a\u202eb\n", "Did you mean")),
        ('{"at": {"aware": NaN}}', ("NaN", "Leave the key out")),
        ('{"people": [{"in": "DE", "count": ' + "9" * 5000 + "}]}", ("a number in it is too long",)),
        ("[" * 100_000, ("nested too deeply",)),
        ('{"' + "x" * 100_000 + '": 1}', ("…", "Did you mean")),
    ],
)
def test_one_line_names_the_file_the_key_and_the_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, named: tuple[str, ...]
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content)
    said = refused(capsys, "assess", str(file))
    assert said.startswith(f"incident: {file}: ")
    assert len(said) < 700
    for each in named:
        assert each in said


def test_a_key_of_thousands_of_parts_in_toml_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.toml"
    file.write_text(".".join(["a"] * 60_000) + " = 1")
    assert "more than 32 parts" in refused(capsys, "assess", str(file))


def test_what_never_ends_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (str(pipe), "/dev/zero", "/dev/random"):
        assert "a pipe or a device" in refused(capsys, "assess", name)
    assert "a pipe or a device" in refused(capsys, "contracts", "import", "/dev/zero")
    assert "a folder" in refused(capsys, "assess", str(tmp_path))


def typed(line: str) -> "subprocess.CompletedProcess[str]":
    command = f"{sys.executable} -m incident {line}"
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)


def test_a_closed_standard_input_and_a_full_disk_get_a_sentence(tmp_path: Path) -> None:
    closed = typed("assess - <&-")
    assert closed.returncode == 2
    assert closed.stderr.startswith("incident: -: standard input is closed.")
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    full = typed(f"assess {facts} > /dev/full")
    assert full.returncode == 1
    assert full.stderr == "incident: the answer could not be written: No space left on device. Send it elsewhere.\n"
