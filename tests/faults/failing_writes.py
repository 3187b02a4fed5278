"""F3: the n-th write, or the n-th sync or rename, fails below the vault, for n = 1, 2, … until a command is not touched.

A program of its own, run under the shim: `python -m tests.faults.failing_writes FOLDER few|all`. It prepares a vault, and
for each case forks a child that runs the command line on a fresh copy with the shim armed; the outcome is printed as JSON.
"""

import errno
import functools
import json
import os
import random
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

from incident.__main__ import main
from incident.errors import IncidentError, RefusedError
from incident.store import vault
from incident.store.keys import stretch
from incident.store.workspace import slots
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, responders
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE
from tests.faults import shim
from tests.faults.vaults import a_vault_with_its_code
from tests.faults.verbs import FILES, NEW_PASSPHRASE, PREPARED, VERBS, Verb, typed

FAULTS = (
    (shim.WRITES, errno.ENOSPC, True, "ENOSPC from write"),
    (shim.WRITES, errno.EIO, False, "EIO at write"),
    (shim.SYNCS, errno.EIO, False, "EIO at sync or rename"),
)


@dataclass(slots=True)
class Ended:
    """How a command ended."""

    status: int
    err: str
    fired: bool
    calls: int


@dataclass(slots=True)
class Findings:
    """What the cases showed."""

    cases: int = 0
    problems: list[str] = field(default_factory=list)


def run(words: list[str], who: str, desk: Path, fault: tuple[int, int, int, bool] | None = None) -> Ended:
    """The command line in a child process, with the shim armed for this command only."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.environ |= {"INCIDENT_AS": who, "INCIDENT_VAULT": str(desk / "vault"), "INCIDENT_CONTENT": str(desk / "content")}
        os.environ["INCIDENT_PASSPHRASE_FILE"] = str(desk / "passphrase")
        os.write(write, json.dumps(asdict(_typed(words, fault))).encode())
        os._exit(0)
    os.close(write)
    said = b""
    while more := os.read(read, 65536):
        said += more
    os.close(read)
    os.waitpid(child, 0)
    return Ended(**json.loads(said))


def _typed(words: list[str], fault: tuple[int, int, int, bool] | None) -> Ended:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, redirect_stdout(out), redirect_stderr(err):
        kind, nth, number, lasting = fault or (0, 0, 0, False)
        shim.arm(kind, nth, number, lasting=lasting)
        try:
            status = main(words)
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        except BaseException:  # noqa: BLE001 - what a user would see as a traceback
            status = 1
            traceback.print_exc()
        fired, calls = shim.fired(), shim.calls_seen()
        shim.arm(0, 0, 0)
        err.seek(0)
        return Ended(status, err.read(), fired, calls)


def prepared(folder: Path) -> Path:
    """A desk: a folder with a vault, the files that verbs read, and room for what they write."""
    desk = folder / "prepared"
    desk.mkdir(parents=True)
    for name, text in FILES.items():
        (desk / name).write_text(text, encoding="utf-8")
    (desk / "out").mkdir()
    (desk / "code").write_text(a_vault_with_its_code(desk), encoding="utf-8")
    _remember_derivations(desk)
    for words in PREPARED:
        ended = run(typed(words, desk), "ana", desk)
        if ended.status:
            raise SystemExit(f"{words}: {ended.err}")
    return desk


def _remember_derivations(desk: Path) -> None:
    """Every case opens the same slots: derive their keys once, before children are forked."""
    vault.stretch = functools.lru_cache(stretch)  # type: ignore[attr-defined]
    for name in ("ana", "leo"):
        unlock(desk / "vault", sign_in=name, passphrase=PASSPHRASE).close()


def look(desk: Path) -> list[str]:
    """What does not hold in the vault after a command."""
    try:
        opened = _opened(desk)
    except IncidentError as error:
        return [f"the vault does not open: {error}"]
    try:
        return [*opened.workspace.verify().problems, *_half_done(opened)]
    finally:
        opened.close()


def _opened(desk: Path) -> Desk:
    try:
        return unlock(desk / "vault", sign_in="ana", passphrase=PASSPHRASE)
    except RefusedError:
        return unlock(desk / "vault", sign_in="ana", passphrase=NEW_PASSPHRASE)


def _half_done(desk: Desk) -> Iterator[str]:
    """Somebody with a slot and no row, or active and without a slot."""
    keys = {each.responder_id for each in slots(desk.workspace.path) if each.responder_id}
    people = {each.id for each in responders(desk) if each.active}
    if keys - people:
        yield "half done: a slot that belongs to nobody active"
    if people - keys:
        yield "half done: an active responder without a slot"


def one_case(prepared: Path, verb: Verb, fault: tuple[int, int, int, bool], findings: Findings, name: str) -> None:
    """Run a verb with a fault, look, and, where it was refused, run it again."""
    desk = prepared.with_name("desk")
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(prepared, desk)
    words = typed(verb.words, desk)
    ended = run(words, verb.who, desk, fault)
    if not ended.fired:
        return
    findings.cases += 1
    where = f"{verb.words}, {name} {fault[1]}"
    wrong = list(_misspoken(ended)) + look(desk)
    if ended.status and not wrong:
        again = run(words, verb.who, desk)
        wrong += [f"afterwards: {again.err.strip()}"] if again.status else []
        wrong += look(desk)
    findings.problems.extend(f"{where}: {each}" for each in wrong)


def _misspoken(ended: Ended) -> Iterator[str]:
    if "Traceback" in ended.err:
        yield f"a traceback: {ended.err.strip().splitlines()[-1]}"
    elif ended.status and not (ended.status in (1, 2) and ended.err.startswith("incident: ")):
        yield f"status {ended.status} and «{ended.err.strip()}»"
    elif "the answer could not be written" in ended.err:
        yield "a vault that cannot be written is taken for a reader that is gone"
    elif "key is wrong" in ended.err:
        yield f"a full or failing disk is taken for a wrong key: {ended.err.splitlines()[0]}"


def failing(folder: Path, *, everything: bool, seed: int = 7) -> Findings:
    """Go through the verbs: every n, or a sample of n for the first three."""
    catalogue()
    desk, findings, chance = prepared(folder), Findings(), random.Random(seed)
    for verb in VERBS if everything else VERBS[:3]:
        for kind, number, lasting, name in FAULTS:
            total = _count(desk, verb, kind)
            numbers = range(1, total + 1) if everything else sorted(chance.sample(range(1, total + 1), min(1, total)))
            for nth in numbers:
                one_case(desk, verb, (kind, nth, number, lasting), findings, name)
    return findings


def _count(prepared: Path, verb: Verb, kind: int) -> int:
    desk = prepared.with_name("desk")
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(prepared, desk)
    return run(typed(verb.words, desk), verb.who, desk, (kind, 1_000_000, 0, False)).calls


if __name__ == "__main__":
    print(json.dumps(asdict(failing(Path(sys.argv[1]), everything=sys.argv[2] == "all"))))
