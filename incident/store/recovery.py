"""What opens a vault when passphrases are lost: one recovery code, or any k of n shares of it, each held by another person.

A share says of which vault and of which split it is, and which one it is: one from elsewhere, a void one and a mistyped one
are told apart before anything is tried. The secret behind the shares is the same kind that a single code holds.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes

from incident.errors import ContentError, RefusedError
from incident.store.keys import KEY_BYTES, plain_code, recovery_code, recovery_secret
from incident.store.sharing import joined, split

_SHARE_LETTERS = 72
_TAG = 4
_CHECKSUM = 3
_MOST = 9


@dataclass(frozen=True, slots=True)
class Rule:
    """How many of how many papers open the vault; one of one is the plain recovery code."""

    needed: int = 1
    of: int = 1

    @property
    def is_shared(self) -> bool:
        """Whether no single paper opens the vault."""
        return self.needed > 1

    def __str__(self) -> str:
        return f"any {self.needed} of {self.of} shares" if self.is_shared else "one recovery code"


ONE_CODE = Rule()


def rule_from(text: str) -> Rule:
    """The rule in `2/3`; raises ContentError for what cannot be one."""
    found = re.fullmatch(r"\s*(\d)\s*(?:/|of|-of-)\s*(\d)\s*", text)
    rule = Rule(int(found[1]), int(found[2])) if found else Rule(0, 0)
    if not 2 <= rule.needed <= rule.of <= _MOST:
        raise ContentError(f"«{text}» is no rule for shares.", f"Write how many of how many, such as 2/3; at most {_MOST}.")
    return rule


@dataclass(frozen=True, slots=True)
class Papers:
    """A new recovery secret as people will hold it: the texts to write down, each by another person if there are several."""

    rule: Rule
    texts: tuple[str, ...] = field(repr=False)
    secret: bytes = field(repr=False)
    split: str
    """Which split the shares are of, as the slot and each share say it; blank for one code."""

    def refuse_mistyped(self, typed: str) -> None:
        """Raise RefusedError unless every paper was typed back rightly."""
        if not self.rule.is_shared:
            if not hmac.compare_digest(recovery_secret(typed), self.secret):
                raise RefusedError("This is not the recovery code that was shown.", "Type the code from your paper.")
            return
        given = {plain_code(each) for each in pieces(typed)}
        for number, each in enumerate(self.texts, start=1):
            if plain_code(each) not in given:
                raise RefusedError(f"Share {number} was not typed back as it was shown.", "Type every share from its paper.")

    def in_slot(self) -> dict[str, object]:
        """What the recovery slot says about the shares; nothing for one code."""
        if not self.rule.is_shared:
            return {}
        return {"shares": {"needed": self.rule.needed, "of": self.rule.of, "split": self.split}}


def new_papers(vault_id: str, rule: Rule = ONE_CODE) -> Papers:
    """A new recovery secret, as one code or as a new split."""
    secret = token_bytes(KEY_BYTES)
    if not rule.is_shared:
        return Papers(rule, (recovery_code(secret),), secret, "")
    tag = token_bytes(_TAG)
    held = split(secret, needed=rule.needed, of=rule.of)
    texts = tuple(_share_text(vault_id, tag, rule, x, share) for x, share in held.items())
    return Papers(rule, texts, secret, tag.hex())


def rule_of(slot: Mapping[str, object]) -> Rule:
    """The rule by which a recovery slot opens."""
    shares = slot.get("shares")
    if not isinstance(shares, dict):
        return ONE_CODE
    return Rule(int(shares["needed"]), int(shares["of"]))


def secret_in(typed: str, slot: Mapping[str, object], vault_id: str) -> bytes:
    """The recovery secret in what was typed: one code, or shares with line ends or commas between them."""
    rule, given = rule_of(slot), pieces(typed)
    if not any(len(plain_code(each)) == _SHARE_LETTERS for each in given):
        if rule.is_shared and len(given) == 1 and recovery_secret(typed):
            raise RefusedError(f"This vault opens with {rule}, not with one code.", "The code is an older one, and void.")
        if not rule.is_shared:
            return recovery_secret(typed)
    shares = slot.get("shares")
    current = str(shares["split"]) if isinstance(shares, dict) else ""
    held: dict[int, bytes] = {}
    for each in given:
        index, value = _checked(each, vault_id, current, rule)
        if index in held:
            raise RefusedError(f"Share {index} was given twice.", f"The vault opens with {rule}.")
        held[index] = value
    if len(held) < rule.needed:
        raise RefusedError(f"The vault opens with {rule}, and {len(held)} was given.", "Ask another holder for theirs.")
    return joined(held)


def pieces(typed: str) -> list[str]:
    """The papers in what was typed: line ends, commas or semicolons between them."""
    return [each for each in re.split(r"[\n,;]+", typed) if each.strip()]


def _share_text(vault_id: str, tag: bytes, rule: Rule, index: int, value: bytes) -> str:
    body = bytes((rule.needed << 4 | rule.of, index)) + _vault_tag(vault_id) + tag + value
    text = base64.b32encode(body + _checksum(body)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _checked(text: str, vault_id: str, current: str, rule: Rule) -> tuple[int, bytes]:
    """The index and value of a share of this vault's present split; refused with the reason otherwise."""
    plain, index, body = plain_code(text), 0, b""
    if len(plain) == _SHARE_LETTERS and re.fullmatch("[A-Z2-7]+", plain):
        raw = base64.b32decode(plain)
        body = raw[:-_CHECKSUM] if _checksum(raw[:-_CHECKSUM]) == raw[-_CHECKSUM:] else b""
    if not body:
        raise RefusedError("A share does not match its checksum.", "Compare it with the paper, group by group.")
    index, vault, tag, value = body[1], body[2 : 2 + _TAG], body[2 + _TAG : 2 + 2 * _TAG], body[2 + 2 * _TAG :]
    if vault != _vault_tag(vault_id):
        raise RefusedError(f"Share {index} is of another vault.", "Look for the papers of this one.")
    if tag.hex() != current:
        raise RefusedError(f"Share {index} is void: the recovery was renewed since.", f"The vault opens with {rule}.")
    return index, value


def _vault_tag(vault_id: str) -> bytes:
    return sha256(b"incident vault\0" + vault_id.encode()).digest()[:_TAG]


def _checksum(body: bytes) -> bytes:
    return sha256(b"incident share\0" + body).digest()[:_CHECKSUM]
