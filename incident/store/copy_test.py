"""The test that a copy must pass before it is called a backup, and before anything is restored from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3.dbapi2 import DatabaseError

from incident.errors import StoreError
from incident.store.anchor import read_anchor
from incident.store.checkpoint import slot_keys
from incident.store.durable import hash_of
from incident.store.engine import DATABASE, fingerprint, read_only_connector
from incident.store.evidence import FOLDER as EVIDENCE
from incident.store.journal import JournalHead, verify
from incident.store.keys import subkey
from incident.store.manifest import Manifest, read_manifest
from incident.store.vault import HEADER, check_header, read_header


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What a test of a copy found: its manifest, how many journal entries it holds, and every problem."""

    folder: Path
    manifest: Manifest
    entries: int
    problems: tuple[str, ...]


def files_in(folder: Path) -> Iterator[Path]:
    """Every file of a copy."""
    return (each for each in folder.rglob("*") if each.is_file())


def lost_evidence(connection: Any, folder: Path) -> tuple[str, ...]:
    """The evidence objects that rows speak of and the folder does not have, those destroyed on purpose aside."""
    there = {each.name for each in files_in(folder / EVIDENCE)}
    rows = connection.execute(
        "SELECT DISTINCT object FROM evidence WHERE id NOT IN (SELECT evidence_id FROM custody WHERE act = 'destroyed')"
    )
    return tuple(sorted(name for (name,) in rows if name not in there))


def check_copy(folder: Path, master: bytes, *, seen: JournalHead | None = None) -> CopyReport:
    """Test a copy: manifest, every file's hash, the header, the pages, the journal, and that no evidence is lacking.

    `seen` is the newest head that the vault itself remembers. Raises StoreError when the manifest cannot be trusted.
    """
    manifest = read_manifest(folder, master)
    problems = list(_broken_files(folder, manifest))
    entries = 0
    if not problems:
        try:
            entries, found = _journal(folder, manifest, master, seen)
            problems.extend(found)
        except (StoreError, DatabaseError) as error:
            problems.append(str(error))
    return CopyReport(folder, manifest, entries, tuple(problems))


def _broken_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    names = {each.name for each in manifest.files}
    for name in (HEADER, DATABASE):
        if name not in names:
            yield f"{name}: the manifest does not name it"
    for each in manifest.files:
        path = folder / each.name
        if not path.is_file() or path.is_symlink():
            yield f"{each.name}: missing"
        elif path.stat().st_size != each.size or hash_of(path) != each.sha256:
            yield f"{each.name}: differs from the manifest"


def _journal(folder: Path, manifest: Manifest, master: bytes, seen: JournalHead | None) -> tuple[int, list[str]]:
    header = read_header(folder)
    check_header(header, master)
    connection = read_only_connector(folder / DATABASE, subkey(master, "db"))()
    try:
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        schema, anchor = str(header.get("schema", "")), seen or read_anchor(folder, master)
        report = verify(
            connection,
            schema=schema,
            found_schema=fingerprint(connection),
            anchor=anchor,
            vault_id=manifest.vault_id,
            slot_keys=slot_keys(header),
        )
        lost = set(lost_evidence(connection, folder)) - set(manifest.missing)
    finally:
        connection.close()
    problems = [f"database: {row[0]}" for row in pages] + list(report.problems)
    problems += [f"evidence {each}: missing" for each in sorted(lost)]
    if str(header["id"]) != manifest.vault_id or header.get("epoch") != manifest.epoch:
        problems.append(f"{HEADER}: of another vault or another time than the manifest")
    if (report.head.seq, report.head.hash) != (manifest.seq, manifest.hash):
        problems.append("journal: its head is not the one in the manifest")
    return report.entries, problems
