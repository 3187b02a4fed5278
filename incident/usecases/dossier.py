"""The dossier: one ZIP of an incident that a stranger checks without this program.

Written beside its place and renamed, never over a file. A regulator and counsel get documents, receipts and the journal's
entries with their proofs; a customer and the public get the lists and the review as far as those are for them.
"""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from incident.domain.access import AccessAct
from incident.domain.evidence import CustodyAct, EvidenceItem
from incident.domain.incident import Incident
from incident.domain.outgoing import Outgoing, is_pseudonymous
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import RefusedError, StoreError
from incident.interchange.csv_tables import csv_files
from incident.store.durable import taking_name
from incident.store.journal_extract import incident_proofs, signers
from incident.usecases.access import record_access
from incident.usecases.desk import Desk
from incident.usecases.dossier_parts import Parts, Piece, document_pieces, instant, receipt_pieces, sent_receipts
from incident.usecases.evidence import Act, record_together
from incident.usecases.exports import outgoing
from incident.usecases.incidents import family
from incident.usecases.review_report import review_files
from incident.usecases.rights import require_in

FORMAT = "incident-dossier/1"
_PURPOSE = b"incident dossier manifest v1\0"
_MANIFEST, _SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig.json"
_SHIPPED = (
    ("READ-ME-FIRST.txt", "INSTRUCTIONS.txt"),
    ("verify_dossier.py", "verify_dossier.py.txt"),
    ("verify_journal.py", "verify_journal.py.txt"),
)
_FOLDER = Path(__file__).resolve().parents[1] / "documents" / "dossier"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was written where."""

    path: Path
    profile: Profile
    files: int
    documents: int
    receipts: int
    entries: int
    """Journal entries, each with its proof."""
    manifest_sha256: str
    """The hash of the list of hashes: read out over the telephone, it stands for the whole dossier."""
    left_out: tuple[str, ...]


def write_dossier(
    desk: Desk, incident: Incident, path: Path, *, now: datetime, zone: str, profile: Profile = Profile.REGULATOR
) -> Dossier:
    """Write the dossier of an incident for one reader; recorded as an export first. Raises RefusedError, StoreError."""
    require_in(desk, incident, Capability.EXPORT)
    if os.path.lexists(path):
        raise RefusedError(f"{path} is there already; nothing is overwritten.", "Name another file with --to.")
    try:
        with taking_name(path) as file:
            return _Writing(desk, incident, profile, now).write(file, path, zone=zone)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Name a file that you may write to.") from error


class _Writing:
    """One dossier while it is written: the archive, the hashes so far, and the lines of dossier.json."""

    def __init__(self, desk: Desk, incident: Incident, profile: Profile, now: datetime) -> None:
        self.desk, self.incident, self.profile, self.now = desk, incident, profile, now
        self.root = f"{incident.reference}_dossier_{profile.value}"
        self.hashes: dict[str, str] = {}
        self.parts = Parts()
        self.seqs: list[int] = []

    def write(self, file: Any, path: Path, *, zone: str) -> Dossier:
        """Write every file, then the list of their hashes and the signature over it."""
        ours = not is_pseudonymous(self.profile)
        receipts = sent_receipts(self.desk, self.incident, self.profile, self.parts) if ours else []
        pieces = list(document_pieces(self.desk, self.incident, self.parts, now=self.now)) if ours else []
        review = review_files(self.desk, self.incident, now=self.now, zone=zone, profile=self.profile)
        going = outgoing(self.desk, self.incident, self.profile, now=self.now)
        self._record(receipts)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in self._pieces(pieces, receipts, review, going):
                self._add(archive, name, content)
            head = self.desk.workspace.head()
            about = json.dumps(self._about(head.seq, head.hash), ensure_ascii=False, indent=1) + "\n"
            self._add(archive, "dossier.json", (about.encode(),))
            manifest = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.hashes.items())).encode()
            self._add(archive, _MANIFEST, (manifest,))
            self._add(archive, _SIGNATURE, (self._seal(manifest),))
        return Dossier(
            path, self.profile, len(self.hashes), len(self.parts.documents), len(receipts), len(self.seqs),
            sha256(manifest).hexdigest(), tuple(self._left_out()),
        )  # fmt: skip

    def _record(self, receipts: list[EvidenceItem]) -> None:
        """On record before it leaves, and under a signed checkpoint before the extract is made."""
        record_access(self.desk, AccessAct.EXPORTED, f"the dossier, for {self.profile.value}", self.incident, now=self.now)
        if receipts:
            act = [
                (each, Act(CustodyAct.EXPORTED, f"dossier for {self.profile.value}", "a receipt, in the dossier", each.sha256))
                for each in receipts
            ]
            record_together(self.desk, self.incident, act, verb="evidence.dossier", now=self.now)
        self.desk.workspace.checkpoint(now=self.now)

    def _pieces(
        self, documents: list[Piece], receipts: list[EvidenceItem], review: dict[str, bytes], going: Outgoing
    ) -> Iterator[Piece]:
        for name, source in _SHIPPED:
            yield name, iter(((_FOLDER / source).read_bytes(),))
        yield from documents
        yield from receipt_pieces(self.desk, receipts)
        yield from ((f"review/{name}", iter((content,))) for name, content in review.items())
        yield from ((f"tables/{name}", iter((content,))) for name, content in csv_files(going).items())
        if not is_pseudonymous(self.profile):
            yield from self._proofs()

    def _proofs(self) -> Iterator[Piece]:
        with self.desk.workspace.reading() as session:
            connection: Any = session.connection().connection.driver_connection
            ids = family(session, self.incident.id)
            for proof in incident_proofs(connection, ids, self.desk.workspace.vault_id):
                seq = int(proof["entry"]["seq"])  # type: ignore[index]
                self.seqs.append(seq)
                text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
                yield f"journal/{seq:08d}.json", iter((text.encode(),))

    def _add(self, archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> None:
        at = self.now.astimezone(UTC)
        entry = zipfile.ZipInfo(f"{self.root}/{name}", (at.year, at.month, at.day, at.hour, at.minute, at.second))
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        digest = sha256()
        with archive.open(entry, "w", force_zip64=True) as out:
            for chunk in content:
                digest.update(chunk)
                out.write(chunk)
        if name not in (_MANIFEST, _SIGNATURE):
            self.hashes[name] = digest.hexdigest()

    def _about(self, seq: int, digest: str) -> dict[str, object]:
        incident, shown = self.incident, self.profile is not Profile.PUBLIC
        with self.desk.workspace.reading() as session:
            connection: Any = session.connection().connection.driver_connection
            signing = signers(connection) if self.seqs else []
        return {
            "format": FORMAT,
            "incident": {
                "reference": incident.reference,
                "code_name": incident.code_name,
                "severity": incident.severity if shown else None,
                "state": incident.status.value,
                "declared_at": instant(incident.declared_at),
                "exercise": incident.exercise,
            },
            "for": self.profile.value,
            "stamp": self.profile.stamp,
            "made_at": instant(self.now),
            "vault": self.desk.workspace.vault_id,
            "journal": {"head": {"entry": seq, "hash": digest}, "entries": self.seqs},
            "signers": signing,
            "documents": self.parts.documents,
            "filings": self.parts.filings,
            "receipts": self.parts.receipts,
            "left_out": self._left_out(),
        }

    def _left_out(self) -> list[str]:
        if not is_pseudonymous(self.profile):
            return self.parts.left_out
        return ["the notices' own texts, receipts and the journal: nothing can be left out of them for this reader"]

    def _seal(self, manifest: bytes) -> bytes:
        workspace, me = self.desk.workspace, self.desk.me
        name = me.name if not is_pseudonymous(self.profile) else "whoever made this dossier"
        seal = {
            "over": _MANIFEST,
            "purpose": _PURPOSE.decode().rstrip("\0"),
            "by": str(me.id) if not is_pseudonymous(self.profile) else "",
            "name": name,
            "key": workspace.public_key.hex(),
            "signature": workspace.sign(_PURPOSE + manifest).hex(),
            "at": instant(self.now),
        }
        return (json.dumps(seal, ensure_ascii=False, indent=1) + "\n").encode()
