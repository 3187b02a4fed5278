"""What `vault.json` must look like before anything in it is used: somebody else may have written it.

Refused here: what is no JSON, nested or large without need, in part missing, or of another kind than the program writes.
Whether the values are right is decided by the keys, afterwards.
"""

import json
from base64 import b64decode
from collections.abc import Mapping

NEXT = "vault.json.next"
"""The header of a change of keys that is not finished: beside the one it is to replace."""
LONGEST_HEADER = 1024 * 1024
"""Bytes; a header of a hundred slots has a tenth of it."""
_NEEDED = ("id", "kind", "salt", "nonce", "wrapped")
_BY_PASSPHRASE = ("sign_in", "responder_id", "public_key", "signing_nonce", "signing_wrapped")
_BYTES = {"salt": 16, "nonce": 12, "signing_nonce": 12}
_NUMBERS = ("memory_kib", "passes", "lanes")
_KINDS = frozenset({"passphrase", "passphrase+device", "recovery"})


def header_in(raw: bytes) -> dict[str, object]:
    """The header in these bytes; raises ValueError for what the program cannot have written."""
    if len(raw) > LONGEST_HEADER:
        raise ValueError("it is too large")
    try:
        header = json.loads(raw)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(header, dict):
        raise ValueError("it is no object")
    json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    if not (_words(header, ("id", "mac", "schema")) and str(header["mac"]).isascii() and isinstance(header.get("slots"), list)):
        raise ValueError("a part of it is missing")
    if not all(isinstance(each, dict) and _whole(each) for each in header["slots"]):
        raise ValueError("a slot is not whole")
    return header


def _whole(slot: Mapping[str, object]) -> bool:
    if not _words(slot, _NEEDED) or slot["kind"] not in _KINDS:
        return False
    if any(len(b64decode(str(slot[name]), validate=True)) != size for name, size in _BYTES.items() if name in slot):
        return False
    if slot["kind"] == "recovery":
        return "shares" not in slot or _shared(slot["shares"])
    return _words(slot, _BY_PASSPHRASE) and all(type(slot.get(name)) is int for name in _NUMBERS)


def _shared(shares: object) -> bool:
    """Whether a slot says rightly how many of how many shares open it."""
    if not isinstance(shares, dict) or not _words(shares, ("split",)):
        return False
    needed, of = shares.get("needed"), shares.get("of")
    return type(needed) is int and type(of) is int and 2 <= needed <= of <= 9


def _words(values: Mapping[str, object], names: tuple[str, ...]) -> bool:
    return all(isinstance(values.get(name), str) for name in names)
