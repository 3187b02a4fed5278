"""Which commands ask for the passphrase themselves: what binds somebody, leaves the vault, deletes, or changes who may what.

For these a passphrase counts as given when it is typed, or when its file is named on the command line. That a file is named
in the environment says that somebody trusts this shell, not that they mean this act.
"""

import argparse

ASKED = frozenset(
    {
        "close",
        "reopen",
        "merge",
        "notice approve",
        "notice drop",
        "notice export",
        "notice pdf",
        "letters press",
        "review write",
        "register write",
        "metrics write",
        "dossier",
        "evidence export",
        "evidence transfer",
        "evidence bundle",
        "evidence destroy",
        "export emergency",
        "export veris",
        "export stix",
        "export misp",
        "export timesketch",
        "export csv",
        "export calendar",
        "journal export",
        "journal prove",
        "retention purge",
        "member add",
        "member remove",
        "remind on",
        "team invite",
        "team change",
        "team leave",
        "vault recovery code",
        "vault recovery shares",
        "vault new-code",
    }
)


def name_of(args: argparse.Namespace) -> str:
    """The command as it is typed, without its options."""
    return " ".join(str(word) for key in ("command", "act", "way") if (word := getattr(args, key, None)))


def is_asked(args: argparse.Namespace) -> bool:
    """Whether this command asks for the passphrase itself; what is made for a reader (`--profile`) leaves the vault."""
    return name_of(args) in ASKED or getattr(args, "profile", None) is not None
