"""Check a journal's export folder, or the proof of one entry, without the program that wrote it.

Needs Python 3.9 and `cryptography`; docs/format-journal.md describes the formats. Exit status: 0 it holds, 1 it does
not, 2 it cannot be read. What holds was signed with the keys that are printed; whose they are, ask their owners.
"""

import argparse
import base64
import json
import sys
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

INTERVAL = 100


class Fault(Exception):
    """What does not hold."""


def need(holds, fault):
    if not holds:
        raise Fault(fault)


def leaf(entry):
    return sha256(b"\0" + entry).digest()


def node(left, right):
    return sha256(b"\1" + left + right).digest()


def append(peaks, entry):
    """Add a leaf to an RFC 6962 tree, kept as (height, hash) of its perfect subtrees."""
    height, here = 0, leaf(entry)
    while peaks and peaks[-1][0] == height:
        height, here = height + 1, node(peaks.pop()[1], here)
    peaks.append((height, here))


def root_of(peaks):
    here = peaks[-1][1]
    for _, peak in reversed(peaks[:-1]):
        here = node(peak, here)
    return here


def root_by(entry, index, size, path):
    """RFC 9162, 2.1.3.2."""
    here, at, last = leaf(entry), index, size - 1
    for other in path:
        need(last > 0, "the path is too long")
        if at & 1 or at == last:
            here = node(other, here)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            here = node(here, other)
        at, last = at >> 1, last >> 1
    need(last == 0, "the path is too short")
    return here


def checkpoint(line, vault, keys):
    """The content of a checkpoint whose signature holds under one of its signer's keys."""
    body = base64.b64decode(line["body"], validate=True)
    held = json.loads(body)
    name = f"checkpoint over {held['size']} entries"
    need(held["format"] == "incident-checkpoint/1" and held["vault"] == vault, f"{name}: of another kind or vault")
    need(held["key"] in keys.get(held["by"], ()), f"{name}: signed with a key that is not its signer's")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(held["key"])).verify(bytes.fromhex(line["signature"]), body)
    except (InvalidSignature, ValueError):
        raise Fault(f"{name}: its signature does not hold") from None
    return held


def check_proof(path):
    proof = json.loads(path.read_text(encoding="utf-8"))
    entry, signer, seq = proof["entry"], proof["signer"], proof["entry"]["seq"]
    body = base64.b64decode(entry["body"], validate=True)
    need(json.loads(body)["seq"] == seq, "the entry has another number")
    digest = sha256(bytes.fromhex(entry["prev"]) + body).digest()
    held = checkpoint(proof["checkpoint"], proof["vault"], {signer["by"]: [signer["key"]]})
    need(1 <= seq <= held["size"], "the checkpoint does not cover the entry")
    root = root_by(digest, seq - 1, held["size"], [bytes.fromhex(each) for each in proof["path"]])
    need(root.hex() == held["root"], f"entry {seq} is not in the journal that was signed")
    print(f"Entry {seq} stood in the journal of {held['size']} entries that was signed at {held['at']}:")
    print(json.dumps(json.loads(body), indent=1, ensure_ascii=False))
    return {held["key"]: signer["name"]}, [held["head"], digest.hex()]


def check_export(folder):
    about = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    need(about["format"] == "incident-export/1", "keys.json is of another version")
    keys = {each["by"]: each["keys"] for each in about["signers"]}
    names = {each["by"]: each["name"] for each in about["signers"]}
    with (folder / "checkpoints.jsonl").open(encoding="utf-8") as lines:
        signed = {each["size"]: each for each in (checkpoint(json.loads(line), about["vault"], keys) for line in lines)}
    peaks, here, count, last, heads = [], bytes(32), 0, 0, []
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        for count, line in enumerate(lines, 1):
            entry = json.loads(line)
            body = base64.b64decode(entry["body"], validate=True)
            here = sha256(here + body).digest()
            need(json.loads(body)["seq"] == entry["seq"] == count, f"entry {count} is missing")
            need(here.hex() == entry["hash"], f"entry {count}: its content does not match its hash")
            append(peaks, here)
            heads.append(here.hex())
            if held := signed.get(count):
                fits = (root_of(peaks).hex(), here.hex()) == (held["root"], held["head"])
                need(fits, f"entries {last + 1} to {count} are not those that were signed at {held['at']}")
                need(held["after"] == last, f"the checkpoint over {held['after']} entries is missing")
                last = count
            need(not last or count - last <= INTERVAL, f"entries {last + 1} to {count} stand without a checkpoint")
    need(last == max(signed, default=-1), f"a checkpoint covers more than the {count} entries that are here, or none is here")
    need((count, len(signed)) == (about["entries"], about["checkpoints"]), "entries or checkpoints are missing")
    print(f"{count} entries and {len(signed)} checkpoints hold; the last was signed at {signed[last]['at']}.")
    print(f"Head: entry {count}, {here.hex()}")
    return {each["key"]: names[each["by"]] for each in signed.values()}, heads


def main():
    parser = argparse.ArgumentParser(description="Check a journal's export folder, or the proof of one entry.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a public key (hex) that you trust; others are a fault")
    parser.add_argument("--head", help="a head (hex, 16 digits or more) that was seen before: it must be in the journal")
    args = parser.parse_args()
    try:
        names, heads = (check_export if args.path.is_dir() else check_proof)(args.path)
        for key, name in names.items():
            print(f"Signed with the key of {name}: {key}")
            need(not args.key or key in args.key, "signed with a key that you did not name")
        need(not args.head or any(each.startswith(args.head.lower()) for each in heads), "this head is not in the journal")
    except Fault as fault:
        print(f"It does not hold: {fault}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"It cannot be read: {type(error).__name__}: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
