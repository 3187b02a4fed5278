"""F3: the n-th write, or the n-th sync or rename, fails below the vault, for n = 1, 2, … until a command is not touched.

A program of its own, run under the shim: `python -m tests.faults.failing_writes FOLDER few|all|WORDS|FROM:TO [PART/PARTS [kill]]`. It
prepares a vault, and for each case forks a child that runs the command line on a fresh copy with the shim armed; what
`tests.faults.standing` sees afterwards is printed as JSON. WORDS choose verbs by what stands in them. With `kill` the
process dies at the n-th call instead (F11).
"""

import errno
import functools
import gc
import importlib
import json
import os
import pkgutil
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

import incident.cli
import incident.documents
import incident.usecases
from incident.__main__ import main
from incident.store import vault
from incident.store.keys import FLOOR, Cost, stretch
from incident.usecases.catalogue import catalogue
from tests.faults import shim
from tests.faults.standing import Standing, litter, looked_at, opens_and_holds, standing
from tests.faults.vaults import a_vault_with_its_code
from tests.faults.verbs import FILES, PREPARED, VERBS, Verb, typed

Fault = tuple[int, int, int, bool]
"""What kind of call, the how manieth, which error, and whether it lasts."""
FAULTS = (
    (shim.WRITES, errno.ENOSPC, True, "ENOSPC from write"),
    (shim.WRITES, errno.EIO, False, "EIO at write"),
    (shim.SYNCS, errno.EIO, False, "EIO at sync or rename"),
)
KILLS = (
    (shim.WRITES, shim.DEATH, False, "killed at write"),
    (shim.SYNCS, shim.DEATH, False, "killed at sync or rename"),
)
FEW = ("log -i 1 'a line'", "evidence add", "team leave")
"""The verbs of the short version: a row, a file with its row, new keys; one n of every fault and of every death."""
_OUTSIDE = tempfile.gettempdir()


@dataclass(slots=True)
class Ended:
    """How a command ended."""

    status: int
    err: str
    out: str
    fired: bool
    calls: int


@dataclass(slots=True)
class Findings:
    """What the cases showed."""

    cases: int = 0
    commands: int = 0
    refused: int = 0
    """Cases in which the command said that it failed; in the others it had done its work all the same."""
    most: int = 0
    """The largest n."""
    problems: list[str] = field(default_factory=list)


def run(words: Sequence[str], who: str, desk: Path, fault: Fault | None = None) -> Ended:
    """The command line in a child process, with the shim armed for this command only."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.environ |= {"INCIDENT_AS": who, "INCIDENT_VAULT": str(desk / "vault"), "INCIDENT_CONTENT": str(desk / "content")}
        os.environ |= {"INCIDENT_PASSPHRASE_FILE": str(desk / "passphrase"), "TMPDIR": str(desk / "tmp")}
        os.write(write, json.dumps(asdict(_typed(list(words), fault))).encode())
        os._exit(0)
    os.close(write)
    said = b""
    while more := os.read(read, 65536):
        said += more
    os.close(read)
    _, how = os.waitpid(child, 0)
    return Ended(**json.loads(said)) if said else Ended(os.waitstatus_to_exitcode(how), "", "", fired=True, calls=0)


def _typed(words: list[str], fault: Fault | None) -> Ended:
    with (
        tempfile.TemporaryFile("w+", dir=_OUTSIDE) as out,
        tempfile.TemporaryFile("w+", dir=_OUTSIDE) as err,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        tempfile.tempdir = None
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
        out.seek(0)
        return Ended(status, err.read(), out.read()[-2000:], fired, calls)


def prepared(folder: Path) -> Path:
    """A desk: a folder with a vault, the files that verbs read, and room for what they write.

    It is made where the cases will lie, because a vault remembers where its backups are.
    """
    desk = folder / "desk"
    desk.mkdir(parents=True)
    for name, text in FILES.items():
        (desk / name).write_text(text, encoding="utf-8")
    (desk / "out").mkdir()
    (desk / "tmp").mkdir()
    (desk / "code").write_text(a_vault_with_its_code(desk), encoding="utf-8")
    for words in PREPARED:
        _do(words, desk)
    desk.rename(folder / "prepared")
    return folder / "prepared"


def _do(words: str, desk: Path) -> None:
    if words.startswith("$"):
        subprocess.run(["/bin/sh", "-c", words[1:]], cwd=desk, check=True)
        return
    who, _, rest = words.partition("> ") if "> " in words else ("ana", "", words)
    ended = run(typed(rest, desk), who, desk)
    if ended.status:
        raise SystemExit(f"{words}: {ended.err}")


def _derive_cheaply_and_once() -> None:
    """Every case opens the same slots: their keys are derived once, before children are forked, and at the floor."""

    @functools.lru_cache
    def cheap(passphrase: str, salt: bytes, cost: Cost) -> bytes:
        del cost
        return stretch(passphrase, salt, FLOOR)

    vault.stretch = cheap  # type: ignore[attr-defined]


def _load_everything_once() -> None:
    """What a command loads when it is typed is there before children are forked: modules, and the law."""
    for package in (incident.cli, incident.usecases, incident.documents):
        for each in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{each.name}")
    importlib.import_module("keyring.core")
    catalogue()
    gc.freeze()


def fresh(kept: Path) -> Path:
    """A copy of the desk to work on, always at the same place."""
    desk = kept.with_name("desk")
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(kept, desk)
    return desk


def _begun(kept: Path, verb: Verb) -> Path:
    """The desk on which a verb begins."""
    if not verb.before:
        return kept
    desk = fresh(kept)
    for words in verb.before:
        _do(words, desk)
    shutil.rmtree(kept.with_name("before"), ignore_errors=True)
    return desk.rename(kept.with_name("before"))


@dataclass(slots=True)
class Bench:
    """One verb with the states that it leads from and to when nothing fails."""

    verb: Verb
    kept: Path
    old: Standing
    new: Standing

    @property
    def acts(self) -> tuple[str, ...]:
        """What the verb writes into the journal."""
        return self.new.acts[len(self.old.acts) :]


def bench_for(kept: Path, verb: Verb) -> Bench:
    """Run a verb undisturbed."""
    begun = _begun(kept, verb)
    old = standing(fresh(begun))
    desk = fresh(begun)
    ended = run(typed(verb.words, desk), verb.who, desk)
    if ended.status:
        raise SystemExit(f"{verb.words}: {ended.err}")
    return Bench(verb, begun, old, standing(desk))


def one_case(bench: Bench, fault: Fault, name: str, findings: Findings) -> None:
    """Run a verb with a fault, look, and, where it was refused, run it again."""
    desk, verb = fresh(bench.kept), bench.verb
    words = typed(verb.words, desk)
    ended = run(words, verb.who, desk, fault)
    if not ended.fired:
        return
    findings.cases += 1
    findings.refused += bool(ended.status)
    wrong = [*_misspoken(ended), *_neither_old_nor_new(bench, desk, ended)]
    findings.problems.extend(f"{verb.words}, {name} {fault[1]}: {each}" for each in wrong)


def _neither_old_nor_new(bench: Bench, desk: Path, ended: Ended) -> Iterator[str]:
    """What is half done, lost or left over; a refused verb is typed again where it may be."""
    verb, (found, now) = bench.verb, looked_at(desk)
    yield from opens_and_holds(desk / verb.makes) if verb.makes else ()
    if now is None:
        yield from found
        return
    done = now.acts[len(bench.old.acts) :]
    begun = bool(ended.status and found and done and done == verb.stages)
    yield from () if begun else found
    yield from _journal_of(bench, now, acknowledged=not ended.status)
    yield from litter(now, bench.old, bench.new, killed=ended.status < 0)
    made = verb.makes and (desk / verb.makes).exists()
    if ended.status and (not done or begun) and not made:
        again = run(typed(verb.words, desk), verb.who, desk)
        fresh_trouble = again.status and not (verb.spent and verb.spent in again.err)
        yield from [f"afterwards: {again.err.strip()}"] if fresh_trouble else []
        found, now = looked_at(desk)
        yield from found
        yield from litter(now, bench.old, bench.new, killed=ended.status < 0) if now else ()


def _journal_of(bench: Bench, now: Standing, *, acknowledged: bool) -> Iterator[str]:
    """What contradicts the journal: all of a verb's acts or none, and no changed row without its entry."""
    done = now.acts[len(bench.old.acts) :]
    if now.acts[: len(bench.old.acts)] != bench.old.acts:
        yield "entries of before are gone"
    if acknowledged and done != bench.acts:
        yield f"acknowledged, and the journal has {done} instead of {bench.acts}"
    if done not in ((), bench.acts, bench.verb.stages):
        yield f"half done: {done} of {bench.acts}"
    if not done and now.tables != bench.old.tables:
        yield f"changed without an entry: {[each for each in now.tables if now.tables[each] != bench.old.tables.get(each)]}"


def _misspoken(ended: Ended) -> Iterator[str]:
    if "Traceback" in ended.err:
        yield f"a traceback: {ended.err.strip().splitlines()[-1]}"
    elif ended.status == 1 and not ended.err and ended.out.strip():
        return  # it did its work, and its answer says what is left to do
    elif ended.status > 0 and not (ended.status in (1, 2) and ended.err.startswith("incident: ")):
        yield f"status {ended.status} and «{ended.err.strip()}»"
    elif "the answer could not be written" in ended.err:
        yield "a vault that cannot be written is taken for a reader that is gone"
    elif "key is wrong" in ended.err:
        yield f"a full or failing disk is taken for a wrong key: {ended.err.splitlines()[0]}"
    elif len(ended.err.splitlines()) > 2:
        yield f"more than a sentence and its mend: {ended.err.strip()}"


def failing(
    folder: Path,
    verbs: Sequence[Verb],
    faults: Sequence[tuple[int, int, bool, str]] = FAULTS,
    *,
    everything: bool,
    seed: int = 7,
) -> Findings:
    """Go through the verbs: every n, or one n of each fault."""
    _derive_cheaply_and_once()
    _load_everything_once()
    kept, findings, chance = prepared(folder), Findings(), random.Random(seed)
    for verb in verbs:
        bench, before = bench_for(kept, verb), len(findings.problems)
        findings.commands += 1
        for kind, number, lasting, name in faults:
            total = _count(bench, kind)
            findings.most = max(findings.most, total)
            for nth in _numbers(total, verb.sample if everything else 1, chance):
                one_case(bench, (kind, nth, number, lasting), name, findings)
        told = "; ".join(findings.problems[before:][:2]) or "nothing"
        print(f"{findings.cases} cases · {verb.words}: {told}", file=sys.stderr, flush=True)
    return findings


def _numbers(total: int, sample: int, chance: random.Random) -> Sequence[int]:
    return sorted(chance.sample(range(1, total + 1), min(sample, total))) if sample else range(1, total + 1)


def _count(bench: Bench, kind: int) -> int:
    desk = fresh(bench.kept)
    return run(typed(bench.verb.words, desk), bench.verb.who, desk, (kind, 1_000_000, 0, False)).calls


def chosen(what: str, part: str) -> tuple[Verb, ...]:
    """The verbs that are meant, or one part of them: parts run beside each other."""
    first, parts = (int(each) for each in part.split("/"))
    if ":" in what:
        begin, end = (int(each) if each else None for each in what.split(":"))
        return VERBS[begin:end][first - 1 :: parts]
    wanted = FEW if what == "few" else ("",) if what == "all" else (what,)
    return tuple(each for each in VERBS if any(word in each.words for word in wanted))[first - 1 :: parts]


if __name__ == "__main__":
    _meant = chosen(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "1/1")
    _faults = FAULTS + KILLS if sys.argv[2] == "few" else KILLS if sys.argv[4:] == ["kill"] else FAULTS
    print(json.dumps(asdict(failing(Path(sys.argv[1]), _meant, _faults, everything=sys.argv[2] != "few"))))
