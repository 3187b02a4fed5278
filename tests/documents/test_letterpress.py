"""The press: a stamped letter is the letter that WeasyPrint alone would make, for its own recipient and for nobody else."""

import io
import shutil
import subprocess
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from incident.documents.letterpress.combined import CombinedFile, PrintStream
from incident.documents.letterpress.oracle import Written, plain_pdf, validated, verify_drawing, verify_file
from incident.documents.letterpress.press import Letter, Press, Refused
from incident.documents.letterpress.recipient import Recipient
from incident.errors import DocumentError
from tests.bench_press_letter import texts

ANA = Recipient(
    "row-1",
    "en",
    "Ana Griffin AVATAR (invented)",
    ("12 Van Ness Avenue", "San Francisco, CA 94110", "United States"),
    "CA-0000001-17",
    "Dear Ms Griffin,",
    "AB12-CD34-EF56",
    ("name", "e-mail address", "Social Security number"),
)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(texts(), tagged=True) as press:
        yield press


@pytest.fixture(scope="module")
def print_press() -> Iterator[Press]:
    with Press(texts(), tagged=False) as press:
        yield press


def made(press: Press, recipient: Recipient) -> Letter:
    letter = press.letter(recipient)
    assert isinstance(letter, Letter), letter
    return letter


def words(pdf: bytes) -> Counter[str]:
    return Counter(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def pixels(pdf: bytes, folder: Path, name: str) -> list[bytes]:
    (folder / f"{name}.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-gray", folder / f"{name}.pdf", folder / name], check=True)
    return [path.read_bytes() for path in sorted(folder.glob(f"{name}-*.pgm"))]


def test_a_stamped_letter_says_and_draws_what_the_plain_layout_does(press: Press) -> None:
    letter = made(press, ANA)
    pdf, plain = press.file(letter).pdf, plain_pdf(press, ANA)
    assert letter.path == "fast"
    assert letter.pages == 2
    assert words(pdf) == words(plain)
    assert verify_drawing(pdf, plain, ANA) > 1_500
    assert validated(pdf) == ""


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler")
def test_at_most_one_pixel_in_ten_thousand_differs(press: Press, tmp_path: Path) -> None:
    ours = pixels(press.file(made(press, ANA)).pdf, tmp_path, "ours")
    plain = pixels(plain_pdf(press, ANA), tmp_path, "plain")
    assert len(ours) == len(plain) == 2
    for mine, other in zip(ours, plain, strict=True):
        assert len(mine) == len(other)
        assert sum(a != b for a, b in zip(mine, other, strict=True)) <= len(mine) / 10_000


def test_the_sums_of_a_file_are_those_of_its_bytes(press: Press) -> None:
    file = press.file(made(press, ANA))
    assert file.sha256 == sha256(file.pdf).hexdigest()
    assert file.crc32 == zlib.crc32(file.pdf)


HOSTILE = [
    ("Nguyễn Thị Ánh Nguyệt", "fast"),
    ("Łukasz Åkesson Gülşen Íñigo", "fast"),
    ("Ελένη Παπαδοπούλου", "fast"),
    ("Иван Петров", "fast"),
    ("q\u0302\u0301 x\u0323 marks", "fast"),
    ("Jose\u0301 decomposed", "fast"),
    ("  two  spaces  ", "fast"),
    ('<b>&amp; \\(x) =HYPERLINK("a") %s {{ 7 }}', "fast"),
    ("taken apart \u1e9b\u0323 \u01e2\u0304", "either"),
    ("taken apart \u2260", "slow"),
    ("soft\u00adhyphen", "slow"),
    ("joiner\u200dsign", "slow"),
    ("ﬁne ligature sign", "slow"),
    ("W" * 60, "slow"),
    ("محمد علي", "No font here"),
    ("שרה כהן", "No font here"),
    ("😀 Smile", "No font here"),
    ("山田太郎", "No font here"),
    ("nul\x00", "U+0000"),
    ("line\nbreak", "U+000A"),
    ("turned \u202egnp", "U+202E"),
    ("lone \ud800", "U+D800"),
    ("x" * 4_000, "4000 characters"),
    ("", "empty"),
]


@pytest.mark.parametrize(("name", "way"), HOSTILE, ids=[ascii(name[:20]) for name, _ in HOSTILE])
def test_a_hostile_name_is_set_right_or_laid_out_alone_or_refused(press: Press, name: str, way: str) -> None:
    person = replace(ANA, key="hostile", name=name, reference="CA-0000002-34")
    letter = press.letter(person)
    if isinstance(letter, Refused):
        assert way in letter.reason
        return
    assert letter.path == way or way == "either"
    pdf = press.file(letter).pdf
    assert verify_file(pdf, [Written(person, 1, letter.pages)], [0]) == letter.pages
    assert verify_drawing(pdf, plain_pdf(press, person), person) > 1_400
    assert validated(pdf) == ""


def test_an_address_with_a_gap_is_closed_up_and_an_empty_line_of_data_is_refused(press: Press) -> None:
    gap = replace(ANA, address=("12 Van Ness Avenue", "", "San Francisco, CA 94110", " ", "United States"))
    assert press.file(made(press, gap)).sha256 == press.file(made(press, ANA)).sha256
    refused = press.letter(replace(ANA, elements=("name", " ")))
    assert isinstance(refused, Refused)
    assert "empty line" in refused.reason


def test_a_line_of_data_that_is_too_long_becomes_part_of_the_layout(press: Press) -> None:
    person = replace(ANA, elements=("a very long description of one kind of data " * 4, "name"), reference="L-1")
    letter = made(press, person)
    assert letter.path == "fast"
    assert verify_drawing(press.file(letter).pdf, plain_pdf(press, person), person)


def test_what_a_recipient_lacks_is_the_letters_own(press: Press) -> None:
    person = replace(ANA, salutation="", code="", elements=(), reference="BARE-1")
    pdf = press.file(made(press, person)).pdf
    text = " ".join(words(pdf))
    assert "customer," in text
    assert "Enrollment" not in text
    assert verify_drawing(pdf, plain_pdf(press, person), person)


PEOPLE = [
    replace(ANA, key=f"row-{n}", reference=f"CA-{n:07d}-00", name=f"{first} N{n} (invented)", elements=ANA.elements[: n % 4])
    for n, first in enumerate(["Ana", "Zoë", "Łukasz", "Nguyệt", "soft\u00adhyphen", "Иван", "Griffin", "Ana"] * 2)
]


def bundle(press: Press, people: list[Recipient]) -> tuple[bytes, list[Written]]:
    file = CombinedFile(press.desk.fonts) if press.tagged else PrintStream(press.desk.fonts)
    held = []
    for person in people:
        letter = made(press, person)
        held.append(Written(person, file.add(letter.stamper, letter.stamped), letter.pages))
    return file.finished(), held


def test_a_file_of_many_letters_holds_each_and_mixes_none(press: Press) -> None:
    pdf, held = bundle(press, PEOPLE)
    assert {made(press, person).path for person in PEOPLE} == {"fast", "slow"}
    assert verify_file(pdf, held, range(len(held))) == sum(each.pages for each in held)
    assert validated(pdf) == ""
    for written in held[2:5]:
        verify_drawing(pdf, plain_pdf(press, written.recipient), written.recipient, first=written.first)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.check_pdf_syntax() == []
        assert len(file.Root.StructTreeRoot.K.K) == len(PEOPLE)


def test_a_print_stream_has_the_same_pages_and_no_tags(press: Press, print_press: Press) -> None:
    pdf, held = bundle(print_press, PEOPLE)
    tagged, _ = bundle(press, PEOPLE)
    assert words(pdf) == words(tagged)
    assert verify_file(pdf, held, range(len(held)))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.check_pdf_syntax() == []
        assert "/StructTreeRoot" not in file.Root
        assert not any(b"BDC" in page.Contents[0].read_bytes() + page.Contents[1].read_bytes() for page in file.pages)


def test_the_same_letters_are_the_same_bytes_whatever_was_pressed_before(press: Press) -> None:
    people = PEOPLE[:8]
    files = {person.key: press.file(made(press, person)).sha256 for person in people}
    whole, _ = bundle(press, people)
    with Press(texts(), tagged=True) as other:
        assert {person.key: other.file(made(other, person)).sha256 for person in reversed(people)} == files
        assert bundle(other, people)[0] == whole


def test_a_screen_reader_finds_headings_lists_and_a_table(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.file(made(press, ANA)).pdf)) as file:
        letter = file.Root.StructTreeRoot.K.K[0]
        tags = [str(each.S) for each in letter.K]
    assert str(letter.S) == "/Art"
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 5
    assert {"/P", "/L", "/Table"} <= set(tags)


def test_a_page_written_for_another_stops_the_press(press: Press) -> None:
    mine, other = made(press, ANA), made(press, replace(ANA, name="Somebody Else", reference="CA-0000009-99"))
    mine.stamper.verify_page(0, mine.stamped.pages[0], ANA, mine.stamped.blocks)
    for number, page in enumerate(other.stamped.pages):
        with pytest.raises(DocumentError, match="row-1"):
            mine.stamper.verify_page(number, page, ANA, mine.stamped.blocks)


def test_one_changed_glyph_stops_the_press(press: Press) -> None:
    letter = made(press, ANA)
    page = letter.stamped.pages[0]
    glyph = page.index(b"Tm[<") + 4
    changed = page[:glyph] + (b"0025" if page[glyph : glyph + 4] != b"0025" else b"0026") + page[glyph + 4 :]
    with pytest.raises(DocumentError, match="has stopped"):
        letter.stamper.verify_page(0, changed, ANA, letter.stamped.blocks)


def test_other_readers_find_a_mix_up_in_a_file(press: Press) -> None:
    pdf, held = bundle(press, PEOPLE[:3])
    swapped = [replace(held[0], recipient=held[1].recipient), replace(held[1], recipient=held[0].recipient), held[2]]
    with pytest.raises(DocumentError, match="bears the reference of another"):
        verify_file(pdf, swapped, [0])
    with pytest.raises(DocumentError, match="another number of pages"):
        verify_file(pdf, held[:2], [0])
    with pytest.raises(DocumentError, match="drawn otherwise"):
        verify_drawing(pdf, plain_pdf(press, PEOPLE[1]), PEOPLE[1], first=held[0].first)


def test_a_recipient_in_a_language_without_a_letter_is_refused_and_stops_nobody(press: Press) -> None:
    refused = press.letter(replace(ANA, language="eo"))
    assert isinstance(refused, Refused)
    assert "«eo»" in refused.reason
    assert made(press, ANA).path == "fast"
