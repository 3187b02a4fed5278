"""Templates of one's own: copied, checked with file and line, looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from incident.errors import ContentError, RefusedError
from incident.usecases.catalogue import catalogue
from incident.usecases.own_templates import check_templates, copy_template, preview_text


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of content of one's own."""
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path))
    catalogue.cache_clear()
    yield tmp_path / "notice_templates"
    catalogue.cache_clear()


def test_a_copy_is_a_template_of_ones_own_from_the_first_moment(own: Path) -> None:
    folder = copy_template("acme-controller", "gdpr-processor", titled='Our "own" letter')
    assert folder == own / "acme-controller"
    catalogue.cache_clear()
    assert catalogue().template("acme-controller").title == 'Our "own" letter'
    assert check_templates(("acme-controller",)).problems == ()
    assert "‹" in preview_text("acme-controller")
    with pytest.raises(RefusedError, match="is there already"):
        copy_template("acme-controller", "gdpr-processor")
    for name in ("../x", "A b", ""):
        with pytest.raises(ContentError):
            copy_template(name, "gdpr-processor")


@pytest.mark.parametrize(
    ("file", "change", "place", "message"),
    [
        (
            "notice.toml",
            ('source = "account.what_happened"', 'source = "account.what_hapened"'),
            "line ",
            "no fact «account.what_hapened»",
        ),
        ("notice.toml", ('"nature"', '"natur"'), "covers", "no field covers"),
        ("notice.toml", ("title = ", "title ="), "", ""),
        ("en.html.j2", ("%}\n", "%}\n{% block intro %}{{ nobody_knows }}{% endblock %}\n"), "the text", "line "),
        ("en.html.j2", ("%}\n", "%}\n{% block intro %}{% if %}{% endblock %}\n"), "the file", "line "),
        ("notice.toml", ("[[fields]]", "fjelds = 1\n[[fields]]"), "the file", "is not a key here"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(own: Path, file: str, change: tuple[str, str], place: str, message: str) -> None:
    folder = copy_template("acme", "gdpr-authority")
    for language in folder.glob("[!e]*.html.j2"):
        language.unlink()
    path = folder / file
    text = path.read_text()
    assert change[0] in text, file
    path.write_text(text.replace(*change))
    found = check_templates(("acme",)).problems
    if not message:
        assert found == ()
        return
    assert any(message in str(each) and place in each.place for each in found), [str(each) for each in found]
    assert all(each.file.startswith("acme/") for each in found)


def test_a_language_whose_words_are_missing_is_named(own: Path) -> None:
    folder = copy_template("acme", "gdpr-processor")
    (folder / "fi.html.j2").write_text((folder / "en.html.j2").read_text())
    found = check_templates(("acme",)).problems
    assert "no «fi» words for" in str(found[0])


def test_every_shipped_template_names_facts_that_exist_and_covers_the_law() -> None:
    assert [str(each) for each in check_templates().problems] == []
