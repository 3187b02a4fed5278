"""The letter press beside pure WeasyPrint, typst and reportlab, as ratios on the same cores: `make bench-press`.

Every recipient has a name, an address, a reference and a code that nobody else has; a letter has two pages; reading the
recipients' file, the manifest, hashing and the privacy check are inside the measured time. The letter is the shipped
California notice. `--large` adds a print stream of 400,000 and a run of 1,000,000; `--letters N` sets the usual size.
"""

import argparse
import csv
import hashlib
import json
import platform
import resource
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from incident.documents.letterpress.combined import CombinedFile, PrintStream
from incident.documents.letterpress.oracle import Written, verify_file
from incident.documents.letterpress.press import Letter, Press
from incident.documents.letterpress.recipient import Recipient
from incident.documents.letterpress.workers import PressOrder, cores, pressed
from tests import bench_press_peers as peers
from tests.bench_press_letter import texts

CHUNK = 1_000
_WORDS = """
Anna Beatriz Chloé Dănuț Émile Fatima Grażyna Håkon Ingrid José Kinga Lâm Müşerref Nguyệt Ólafur Paweł Quyên Rosa Søren Tomáš Uwe Václav Wanda Ximena Yıldız Zoë James Mary Robert Patricia John Jennifer Michael Linda
Griffin Nguyễn O'Neill Smith-Jones García Łukasiewicz Müller Öztürk Ferreira Kovačević Dvořák Åkesson Iñárritu Johnson Williams Brown Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson
Main Oak Pine Maple Cedar Elm Washington Lake Hill Sunset Valencia Mission Fillmore Geary Sutter Van_Ness
San_Francisco Los_Angeles San_Diego Sacramento Oakland Fresno Long_Beach Bakersfield Anaheim Irvine
ba co du fe gi ho ju ka le mi no pu ra se ti vo wa xe yi zo
"""
FIRST, LAST, STREETS, CITIES, SYLLABLES = (line.split() for line in _WORDS.strip().splitlines())
ELEMENTS = ("name", "e-mail address", "postal address", "Social Security number", "date of birth", "medical information")


def write_recipients(path: Path, count: int) -> None:
    """A recipients' file: UTF-8, one row a person, nobody's name, address, reference or code a second time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "name", "street", "city", "country", "reference", "code", "salutation", "elements"))
        for n in range(count):
            middle = "".join(SYLLABLES[(n * 7919 // 20**k) % 20] for k in range(4)).capitalize()
            last = LAST[n // 35 % len(LAST)]
            name = f"{FIRST[n % len(FIRST)]} {middle} {last}"
            street = f"{n % 9973 + 1} {STREETS[n // 9973 % len(STREETS)].replace('_', ' ')} Street"
            city = f"{CITIES[n % 10].replace('_', ' ')}, CA {90000 + n * 31 % 6000}"
            held = ELEMENTS[: 1 + n % 4]
            code = hashlib.sha256(b"%d" % n).hexdigest()[:12].upper()
            key, reference = f"row-{n}", f"CA-{n:07d}-{n * 17 % 97:02d}"
            writer.writerow((key, name, street, city, "United States", reference, code, f"Dear {name},", ";".join(held)))


def chunks(path: Path) -> Iterator[tuple[Path, int, list[list[str]]]]:
    """The rows in chunks, with the folder and the number of the chunk."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for number in range(sys.maxsize):
            rows = list(islice(reader, CHUNK))
            if not rows:
                return
            yield path.parent / "out", number, rows


def recipient(row: list[str]) -> Recipient:
    key, name, street, city, country, reference, code, salutation, elements = row
    return Recipient(
        key, "en", name, (street, city, country), reference, salutation, code, tuple(elements.split(";")) if elements else ()
    )


class Done(NamedTuple):
    letters: int
    size: int
    peak: int
    first_at: float


def _letters(press: Press, rows: list[list[str]]) -> Iterator[Letter]:
    for row in rows:
        letter = press.letter(recipient(row))
        assert isinstance(letter, Letter), letter
        yield letter


def _noted(letter: Letter, file: str, page: int, digest: str) -> str:
    row = {"key": letter.recipient.key, "file": file, "page": page, "pages": letter.pages, "sha256": digest}
    return json.dumps(row | {"variant": letter.stamper.variant.digest[:16], "path": letter.path}) + "\n"


def _kept(folder: Path, name: str, parts: list[bytes], manifest: list[str]) -> int:
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.part").open("wb") as out:
        out.writelines(parts)
    (folder / f"{name}.part").rename(folder / name)
    (folder / f"{name}.jsonl").write_text("".join(manifest))
    return sum(map(len, parts))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def zipped(press: Press, chunk: tuple[Path, int, list[list[str]]]) -> Done:
    """A chunk as individual PDFs in a ZIP whose members are stored."""
    folder, number, rows = chunk
    parts: list[bytes] = []
    central: list[bytes] = []
    manifest, at, first_at = [], 0, 0.0
    for index, letter in enumerate(_letters(press, rows)):
        file = press.file(letter)
        if index == 500:
            verify_file(file.pdf, [Written(letter.recipient, 1, letter.pages)], [0])
        first_at = first_at or time.perf_counter()
        name = f"{letter.recipient.reference}.pdf"
        head, entry = peers.stored(name.encode(), file.crc32, len(file.prefix) + len(file.rest), at)
        parts += (head, file.prefix, file.rest)
        central.append(entry)
        at += len(head) + len(file.prefix) + len(file.rest)
        manifest.append(_noted(letter, name, 1, file.sha256))
    parts.append(peers.central_directory(central, at))
    return Done(len(rows), _kept(folder, f"{number:05d}.zip", parts, manifest), _peak(), first_at)


def bundled(press: Press, chunk: tuple[Path, int, list[list[str]]]) -> Done:
    """A chunk as one PDF: tagged or a print stream, as the press is."""
    folder, number, rows = chunk
    bundle = CombinedFile(press.desk.fonts) if press.tagged else PrintStream(press.desk.fonts)
    held: list[Written] = []
    letters = []
    for letter in _letters(press, rows):
        held.append(Written(letter.recipient, bundle.add(letter.stamper, letter.stamped), letter.pages))
        letters.append(letter)
    pdf = bundle.finished()
    verify_file(pdf, held, [zlib.crc32(pdf) % len(held)])
    digest, name = hashlib.sha256(pdf).hexdigest(), f"{number:05d}.pdf"
    manifest = [_noted(letter, name, written.first, digest) for letter, written in zip(letters, held, strict=True)]
    return Done(len(rows), _kept(folder, name, [pdf], manifest), _peak(), time.perf_counter())


class Run(NamedTuple):
    letters: int
    seconds: float
    size: int
    peak: int
    first: float

    @property
    def rate(self) -> float:
        return self.letters / self.seconds


def run(work: Callable[[Press, tuple[Path, int, list[list[str]]]], Done], count: int, folder: Path, *, tagged: bool) -> Run:
    """The whole job: start of the processes, reading, pressing, checking, writing."""
    source = folder / f"recipients-{count}.csv"
    if not source.exists():
        write_recipients(source, count)
    begun = time.perf_counter()
    order = PressOrder(texts(), tagged=tagged, cache_folder=folder / "cache", cache_key=b"k" * 32)
    done, size, peak, first = 0, 0, 0, 0.0
    for each in pressed(order, work, chunks(source)):
        done, size, peak = done + each.letters, size + each.size, max(peak, each.peak)
        first = first or each.first_at - begun
        shutil.rmtree(folder / "out", ignore_errors=True) if done % 50_000 == 0 else None
    assert done == count
    shutil.rmtree(folder / "out", ignore_errors=True)
    return Run(done, time.perf_counter() - begun, size, peak, first)


def shown(name: str, made: Run, base: float, typst: float) -> None:
    ratios = f"{made.rate / base:7.0f}× WeasyPrint" + (f" {made.rate / typst:7.1f}× typst" if typst else "")
    size = made.size / made.letters
    print(f"{name:<34}{made.letters:>9,}{made.rate:>9.0f}/s {size:>8.0f} B {made.peak:>5} MB {ratios}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--letters", type=int, default=20_000)
    given = parser.parse_args()
    tools = ("weasyprint", "pydyf", "uharfbuzz", "pikepdf", "typst", "reportlab")
    print(
        f"{platform.machine()}, {cores()} cores, Python {platform.python_version()},",
        ", ".join(f"{t} {version(t)}" for t in tools),
    )
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        base = peers.rate("weasyprint", texts(), 40)
        typst = peers.rate("typst", texts(), 400)
        print(
            f"best pure WeasyPrint {base:.1f}/s, typst {typst:.0f}/s, reportlab {peers.rate('reportlab', texts(), 100):.0f}/s",
            flush=True,
        )
        cold = run(zipped, CHUNK, folder, tagged=True)
        warm = run(zipped, CHUNK, folder, tagged=True)
        print(f"first PDF after {cold.first:.2f} s (nothing cached), {warm.first:.2f} s (layouts cached)", flush=True)
        shown("individual PDFs in ZIP, tagged", run(zipped, given.letters, folder, tagged=True), base, typst)
        shown("1,000 per file, tagged PDF/UA-1", run(bundled, given.letters, folder, tagged=True), base, typst)
        shown("print stream, 1,000 per file", run(bundled, given.letters, folder, tagged=False), base, 0)
        base = (base + peers.rate("weasyprint", texts(), 40)) / 2
        if given.large:
            large(folder, base)


def large(folder: Path, base: float) -> None:
    start = run(bundled, CHUNK, folder, tagged=False).seconds
    small = run(bundled, 10_000, folder, tagged=False)
    shown("print stream", small, base, 0)
    shown("print stream", run(bundled, 400_000, folder, tagged=False), base, 0)
    whole = run(bundled, 1_000_000, folder, tagged=False)
    shown("print stream", whole, base, 0)
    print(f"1,000,000 takes {whole.seconds / (100 * (small.seconds - start) + start):.2f} of 100 × 10,000 less start-up")


if __name__ == "__main__":
    main()
