"""Layouts: found slots, refused pages, sealed caches, presses side by side, fonts of the user's own."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.documents.letterpress.cache import LayoutCache
from incident.documents.letterpress.drawn import marks_of
from incident.documents.letterpress.layout import FONTS, LayoutDesk, bundled_fonts
from incident.documents.letterpress.press import Letter, Press, Refused
from incident.documents.letterpress.recipient import Recipient, Shape, clean, refusal
from incident.documents.letterpress.setting import setting
from incident.documents.letterpress.workers import PressOrder, pressed
from incident.errors import DocumentError
from tests.bench_press_letter import texts
from tests.documents.test_letterpress import ANA

REGULAR = FONTS / "NotoSans-Regular.ttf"
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/"
LETTERS = "".join(chr(code) for code in (*range(33, 127), *range(0xC0, 0x180), *range(0x1EA0, 0x1EFA)))


def a_press(page: str, **more: object) -> Press:
    return Press({"en": replace(texts()["en"], html=page)}, tagged=True, **more)  # type: ignore[arg-type]


@given(st.text(SIGNS, min_size=6, max_size=20))
def test_codes_set_by_pairs_are_what_harfbuzz_sets(word: str) -> None:
    set_in = setting(REGULAR, "en", 10.5)
    assert set_in.set_code(word) == set_in.set_whole(word)


@settings(max_examples=200)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=5))
def test_lines_set_by_words_are_what_harfbuzz_sets_whole(words: list[str]) -> None:
    set_in, line = setting(REGULAR, "en", 10.5), clean(" ".join(words))
    whole, found = set_in.set_whole(line), set_in.set_line(line)
    assert (found is None) == (whole is None)
    if found and whole:
        assert found.glyphs.replace(b"><", b"") == whole.glyphs.replace(b"><", b"")
        assert found.width == pytest.approx(whole.width)


@given(st.text(max_size=40))
def test_no_text_whatever_is_set_as_another(name: str) -> None:
    line = setting(REGULAR, "en", 10.5).set_line(clean(name)) if not refusal(replace(ANA, name=name or "x")) else None
    if line is not None:
        glyphs = b"".join(line.glyphs.split(b"<")) if b">" not in line.glyphs else b""
        text_of = setting(REGULAR, "en", 10.5).face.text_of
        read = "".join(text_of[int(glyphs[at : at + 4], 16)] for at in range(0, len(glyphs), 4))
        assert not glyphs or clean(read) == clean(name)


BROKEN = [
    ("<slot-address>", "<div>", "no places called «slot-address»"),
    ("<slot-code data-label=", "<p data-label=", "no places called «slot-code»"),
    ("<h1>", "<slot-salutation>Again</slot-salutation><h1>", "2 places called «slot-salutation»"),
    ('<ul data-slot="elements">', "<ul>", "no list for the data of each person"),
    ("<h1>", "<h1>¤¤", "the sign of a slot"),
    ("<h1>", '<h1 style="background:url(https://example.com/x.png)">', "lies outside the document"),
    ("<p><slot-salutation>", '<p style="text-align:right"><slot-salutation>', "not the end of its line"),
    ("</slot-salutation>", "</slot-salutation> and all", "not the end of its line"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_a_page_in_which_a_slot_is_missing_or_unclear_is_no_letter(desk: LayoutDesk, old: str, new: str, said: str) -> None:
    page = texts()["en"].html
    assert old in page
    press = a_press(page.replace(old, new, 1))
    press.desk = desk
    with pytest.raises(DocumentError, match=said):
        press.letter(ANA)


@pytest.fixture(scope="module")
def desk() -> Iterator[LayoutDesk]:
    with LayoutDesk() as desk:
        yield desk


def test_a_layout_is_cached_sealed_and_found_again(desk: LayoutDesk, tmp_path: Path) -> None:
    page = texts()["en"].html
    with a_press(page, cache=LayoutCache(tmp_path / "cache", b"k" * 32)) as first:
        letter = first.letter(ANA)
        assert isinstance(letter, Letter)
        pdf = first.file(letter).pdf
    entries = list((tmp_path / "cache").iterdir())
    assert len(entries) == 1
    assert b"Nordlicht" not in entries[0].read_bytes()
    with a_press(page, cache=LayoutCache(tmp_path / "cache", b"k" * 32)) as again:
        letter = again.letter(ANA)
        assert isinstance(letter, Letter)
        assert again.file(letter).pdf == pdf
        assert again.desk._child is None, "a cached layout starts no layout"
    shape = Shape("en", salutation=True, code=True, elements=3)
    digest = letter.stamper.variant.digest
    assert letter.stamper.variant.shape == shape
    assert LayoutCache(tmp_path / "cache", b"x" * 32).get(digest) is None
    entries[0].write_bytes(entries[0].read_bytes()[:-1] + b"?")
    assert LayoutCache(tmp_path / "cache", b"k" * 32).get(digest) is None


def test_a_changed_page_is_another_layout(tmp_path: Path) -> None:
    cache = LayoutCache(tmp_path, b"k" * 32)
    page = texts()["en"].html
    with a_press(page, cache=cache) as first, a_press(page.replace("free of charge", "free"), cache=cache) as second:
        one, two = first.letter(ANA), second.letter(ANA)
    assert isinstance(one, Letter)
    assert isinstance(two, Letter)
    assert one.stamper.variant.digest != two.stamper.variant.digest


def hebrew_font(path: Path) -> Path:
    """A font of three Hebrew letters as boxes."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    pen.lineTo((50, 500))
    pen.lineTo((450, 500))
    pen.closePath()
    glyph = pen.glyph()
    names = [".notdef", "space", "alef", "bet", "gimel"]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x20: "space", 0x5D0: "alef", 0x5D1: "bet", 0x5D2: "gimel"})
    font.setupGlyf({name: glyph for name in names})
    font.setupHorizontalMetrics({name: (500, 50) for name in names})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Three Letters", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.save(path)
    return path


def test_a_script_of_the_users_font_is_laid_out_from_right_to_left(tmp_path: Path) -> None:
    fonts = bundled_fonts() | {"three.ttf": hebrew_font(tmp_path / "three.ttf")}
    person = replace(ANA, name="\u05d0\u05d1\u05d2")
    with a_press(texts()["en"].html, fonts=fonts) as press:
        letter = press.letter(person)
        assert isinstance(letter, Letter)
        assert (letter.path, letter.why) == ("slow", "glyphs")
        assert press.counts == {"slow": 1, "slow: glyphs": 1}
        with pikepdf.open(io.BytesIO(press.file(letter).pdf)) as pdf:
            name = [mark for mark in marks_of(pdf.pages[0]) if round(mark.y) == 653 and mark.what.split()[1] in "234"]
        alef, bet, gimel = (next(mark.x for mark in name if mark.what.split()[1] == glyph) for glyph in "234")
        assert alef > bet > gimel
        assert isinstance(press.letter(replace(person, name="\u05d3")), Refused)


def digests(press: Press, chunk: list[Recipient]) -> list[str]:
    if not chunk:
        raise DocumentError("An empty chunk.", "")
    letters = [press.letter(each) for each in chunk]
    return [press.file(each).sha256 for each in letters if isinstance(each, Letter)]


def test_presses_side_by_side_answer_in_order_and_stop_at_a_fault(tmp_path: Path) -> None:
    chunks = [[replace(ANA, reference=f"R-{n}-{m}") for m in range(3)] for n in range(5)]
    order = PressOrder(texts(), tagged=True, cache_folder=tmp_path, cache_key=b"k" * 32)
    found = list(pressed(order, digests, chunks, processes=2))
    with order.press() as press:
        assert found == [digests(press, chunk) for chunk in chunks]
    with pytest.raises(DocumentError, match="An empty chunk"):
        list(pressed(order, digests, [chunks[0], [], chunks[1]], processes=1))
