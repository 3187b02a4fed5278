"""The wheel alone is the program: built here, opened in an empty place, run without the source tree."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_carries_law_playbooks_templates_fonts_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "incident/regimes/vocabulary.toml",
        "incident/regimes/eu/eu-gdpr.toml",
        "incident/_content/playbooks/spine.toml",
        "incident/_content/notice_templates/gdpr-authority/de.html.j2",
        "incident/_content/notice_templates/_layout/style.css",
        "incident/documents/fonts/NotoSans-Regular.ttf",
        "incident/store/migrations/versions/0001_first_tables.py",
        "incident/store/migrations/script.py.mako",
        "incident/tui/app.tcss",
    ):
        assert wanted in names, wanted


def test_the_wheel_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """A virtual environment with the wheel and the pinned libraries, but without this source tree."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    ours = next(Path(each) for each in sys.path if each.endswith("site-packages"))
    theirs = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    for each in ours.iterdir():
        if (
            not each.name.startswith(("incident", "_incident", "pip", "__pycache__", "_editable", "_virtualenv"))
            and not (theirs / each.name).exists()
        ):
            (theirs / each.name).symlink_to(each)
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(tmp_path / "venv" / "bin" / "incident"), *words],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(python), "-c", "import incident; print(incident.__file__)"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(tmp_path) in where
    assert "incident 0" in run("--version")
    assert "eu-gdpr" in run("regimes", "list")
    assert "sound" in run("playbooks", "check")
    assert re.search(r"\b(1[4-9]|2\d) documents", run("demo", "--folder", str(tmp_path / "demo")))
