"""Check a dossier without the program that wrote it: unpack the ZIP and run this inside its folder.

Needs Python 3.9 and `cryptography`, and verify_journal.py beside it. Exit status: 0 it holds, 1 it does not, 2 it cannot
be read. What holds was signed with the keys that are printed; whose they are, ask their owners by another way.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import sys
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.dont_write_bytecode = True
MANIFEST, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig.json"
MANIFEST_PURPOSE = b"incident dossier manifest v1\0"
APPROVAL_PURPOSE = b"incident notice approval v1\0"


class Fault(Exception):
    """What does not hold."""


def need(holds, fault):
    if not holds:
        raise Fault(fault)


def journal_checker():
    """verify_journal.py, which lies beside this file."""
    path = Path(__file__).resolve().with_name("verify_journal.py")
    spec = importlib.util.spec_from_file_location("verify_journal", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def signed(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def hash_of(path):
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def check_manifest(folder):
    """Every file is the one that was listed, none is missing or strange, and the list was signed."""
    raw = (folder / MANIFEST).read_bytes()
    listed = dict(reversed(line.split("  ", 1)) for line in raw.decode().splitlines())
    for name in listed:
        need(".." not in Path(name).parts and not Path(name).is_absolute(), f"{name} lies outside the dossier")
    found = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}
    need(not found - {*listed, MANIFEST, SIGNATURE}, f"not in the list: {sorted(found - {*listed, MANIFEST, SIGNATURE})[:3]}")
    need(not set(listed) - found, f"missing: {sorted(set(listed) - found)[:3]}")
    for name, digest in listed.items():
        need(hash_of(folder / name) == digest, f"{name} is not the file that was listed")
    seal = json.loads((folder / SIGNATURE).read_text(encoding="utf-8"))
    need(signed(seal["key"], seal["signature"], MANIFEST_PURPOSE + raw), "the list's signature does not hold")
    print(f"{len(listed)} files are those that {seal['name']} listed at {seal['at']}.")
    return {seal["key"]: seal["name"]}


def check_documents(folder, about):
    """Each document is the text that was approved, and the approval was signed."""
    keys, signers = {}, {each["by"]: each for each in about["signers"]}
    approved = 0
    for each in about["documents"]:
        name = each["title"]
        content = (folder / each["content"]).read_bytes()
        need(sha256(content).hexdigest() == each["content_sha256"], f"«{name}»: its text is not the one that was frozen")
        if each["pdf"]:
            need(hash_of(folder / each["pdf"]) == each["pdf_sha256"], f"«{name}»: the PDF is another one")
        for act in each["approvals"]:
            word = b"approved\0" if act["approved"] else b"refused\0"
            message = APPROVAL_PURPOSE + word + each["content_sha256"].encode()
            need(act["key"] in signers[act["by"]]["keys"], f"«{name}»: signed with a key that is not its signer's")
            need(signed(act["key"], act["signature"], message), f"«{name}»: a signature does not hold")
            keys[act["key"]] = act["name"]
            approved += act["approved"]
    print(f"{len(about['documents'])} frozen texts hold, with {approved} signed approvals.")
    return keys


def check_receipts(folder, about):
    held = [each for each in about["receipts"] if each["file"]]
    for each in held:
        need(hash_of(folder / each["file"]) == each["sha256"], f"{each['file']} is not the receipt that was recorded")
    print(f"{len(about['filings'])} filings; {len(held)} of {len(about['receipts'])} receipts are here and hold.")


def check_journal(folder, about):
    """Each entry of the extract stood in the journal that was signed; the numbers are those that were promised."""
    journal, keys, seen = journal_checker(), {}, []
    for path in sorted((folder / "journal").glob("*.json")) if about["journal"]["entries"] else ():
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                names, _ = journal.check_proof(path)
        except journal.Fault as fault:
            raise Fault(f"{path.name}: {fault}") from None
        keys.update(names)
        seen.append(json.loads(path.read_text(encoding="utf-8"))["entry"]["seq"])
    need(seen == about["journal"]["entries"], "entries of the journal extract are missing or strange")
    print(f"{len(seen)} entries of the journal hold under a signed checkpoint." if seen else "No journal extract is in it.")
    return keys


def main():
    parser = argparse.ArgumentParser(description="Check an unpacked dossier.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    parser.add_argument("--key", action="append", default=[], help="a public key (hex) that you trust; others are a fault")
    args = parser.parse_args()
    try:
        keys = check_manifest(args.folder)
        about = json.loads((args.folder / "dossier.json").read_text(encoding="utf-8"))
        need(about["format"] == "incident-dossier/1", "dossier.json is of another version")
        keys.update(check_documents(args.folder, about))
        check_receipts(args.folder, about)
        keys.update(check_journal(args.folder, about))
        for key, name in keys.items():
            print(f"Signed with the key of {name}: {key}")
            need(not args.key or key in args.key, "signed with a key that you did not name")
    except Fault as fault:
        print(f"It does not hold: {fault}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"It cannot be read: {type(error).__name__}: {error}")
        return 2
    print("The dossier holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
