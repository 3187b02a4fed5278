"""Evidence in, beside AES-256-GCM and SHA-256 over the same file: `python -m tests.bench_evidence`."""

import os
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.usecases.evidence import Offered, add_evidence, evidence
from incident.usecases.evidence_reading import destroy_evidence, verify_evidence
from tests.conftest import NOW, a_vault, an_incident

SIZE = 128 * 1024 * 1024
CHUNK = 64 * 1024
ROUNDS = 5


def took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def raw(source: Path, target: Path | None) -> None:
    """The least there is to do: read, hash, encrypt, and write if there is a target, to the disk."""
    cipher, digest = AESGCM(bytes(32)), sha256()
    out = target.open("wb", buffering=0) if target is not None else None
    with source.open("rb", buffering=0) as file:
        number = 0
        while plain := file.read(CHUNK):
            digest.update(plain)
            sealed = cipher.encrypt(number.to_bytes(12, "big"), plain, None)
            number += 1
            if out is not None:
                out.write(sealed)
    if out is not None:
        os.fsync(out.fileno())
        out.close()


def evidence_bench() -> None:
    """Ratios in one run: the median over rounds in which each took its turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        source.write_bytes(os.urandom(SIZE))
        desk = a_vault(folder)
        incident = an_incident(desk)
        found: dict[str, list[float]] = {"memory": [], "disk": [], "in": [], "verify": []}
        for _ in range(ROUNDS):
            found["memory"].append(took(lambda: raw(source, None)))
            found["disk"].append(took(lambda: raw(source, folder / "raw")))
            (folder / "raw").unlink()
            found["in"].append(took(lambda: add_evidence(desk, incident, source, Offered(), now=NOW)))
            item = evidence(desk, incident)[-1]
            found["verify"].append(took(lambda item=item: verify_evidence(desk, incident, item, now=NOW)))  # type: ignore[misc]
            destroy_evidence(desk, incident, item, reason="bench", basis="none", now=NOW)
        desk.close()
    speed = {key: SIZE / 1e6 / median(each) for key, each in found.items()}
    beside = {"raw AES-256-GCM + SHA-256, written": "disk", "the same in memory, nothing written": "memory"}
    for said, key in beside.items():
        print(f"evidence in {speed['in']:5.0f} MB/s   {said:<38} {speed[key]:5.0f} MB/s   {speed['in'] / speed[key]:4.0%}")
    print(f"verify      {speed['verify']:5.0f} MB/s   beside the same in memory: {speed['verify'] / speed['memory']:4.0%}")


if __name__ == "__main__":
    evidence_bench()
