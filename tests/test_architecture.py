"""The house keeps its shape: contracts hold (and break when broken), sizes stay small, only one file reads the time."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for path in (ROOT / "incident").rglob("*.py") if "migrations" not in path.parts)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
    )


def test_the_import_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("incident/domain/facts.py", "import textual"),
        ("incident/domain/incident.py", "import incident.store.vault"),
        ("incident/tui/widgets/texts.py", "import incident.usecases.board"),
        ("incident/tui/screens/board.py", "import incident.tui.screens.facts"),
        ("incident/cli/board.py", "import incident.tui"),
        ("incident/newcomer.py", "'''A module that chose no layer.'''"),
    ],
)
def test_a_broken_contract_turns_red(tmp_path: Path, file: str, line: str) -> None:
    shutil.copytree(ROOT / "incident", tmp_path / "incident", ignore=shutil.ignore_patterns("fonts", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / file
    target.write_text((target.read_text() if target.exists() else "") + f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 45, f"{node.name} is too long"
    assert "TODO" not in text
    assert "raise NotImplementedError" not in text


def test_the_app_stays_under_a_hundred_and_fifty_lines() -> None:
    assert len((ROOT / "incident/tui/app.py").read_text().splitlines()) < 150


def test_only_the_clock_reads_the_time() -> None:
    for path in SOURCES:
        if path.name == "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and isinstance(node.value, ast.Name):
                assert node.value.id not in ("datetime", "date"), path


def test_commands_load_neither_screen_nor_press() -> None:
    code = "import sys, incident.cli.app; incident.cli.app.build_parser(); print([m for m in ('textual', 'weasyprint', 'sqlmodel') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_pins_carry_names_versions_and_hashes_only() -> None:
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "index" not in text
    names = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(names) > 40
    assert all("==" in line for line in names)
    assert text.count("--hash=sha256:") > len(names)
