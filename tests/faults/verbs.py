"""Every writing verb of the command line, and the state that each can begin from."""

from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PASSPHRASE

NEW_PASSPHRASE = "seven other words for the tests"
FILES = {
    "passphrase": PASSPHRASE,
    "new-passphrase": NEW_PASSPHRASE,
    "clauses.csv": "party,window,anchor\nKlinik Süd (invented),24 hours,aware\n",
    "receipt": "a receipt (invented)",
}
PREPARED = (
    "declare 'A mailbox was read' --aware -3h --detected -5h --severity 1",
    "declare 'The same mailbox' --aware -3h",
    "declare 'A false alarm' --aware -3h",
    "close -i 3 --false-alarm --reason 'a test message'",
    "fact set -i 1 people 'DE 400'",
    "fact set -i 1 data.elements name",
    "fact set -i 1 account.what_happened 'Somebody read a mailbox.'",
    "role assign -i 1 legal leo",
    "step done -i 1 open-log",
    "notice begin -i 1 gdpr-authority --to Authority",
    "notice freeze -i 1 1 --kind initial",
    "review answer -i 1 how_it_happened 'A click.'",
    "review action -i 1 Filter --owner leo --due 2031-01-01",
)
"""Typed by Ana, one after another, before the verbs."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command that writes."""

    words: str
    who: str = "ana"
    prints: bool = False
    """Whether it lays out pages, which takes its time."""


VERBS = (
    Verb("log -i 1 'a line'"),
    Verb("fact set -i 1 people 'DE 500, FR 20'"),
    Verb("notice freeze -i 1 1 --kind initial"),
    Verb("team invite 'Kofi (invented)' --sign-in kofi --their-passphrase-file @new-passphrase"),
    Verb("declare 'Another one' --aware -1h --detected -2h"),
    Verb("step done -i 1 hold-evidence --note copied"),
    Verb("step skip -i 1 hold-evidence --reason 'nothing to hold'"),
    Verb("step reopen -i 1 open-log --reason again"),
    Verb("role assign -i 1 scribe ana"),
    Verb("role give-up -i 1 legal --note 'see the log'", who="leo"),
    Verb("fact unknown -i 1 data.encrypted --owner leo --by 4"),
    Verb("notice begin -i 1 gdpr-authority --to Other"),
    Verb("notice edit -i 1 1 cause 'a stolen token'"),
    Verb("notice to -i 1 1 'The authority'"),
    Verb("notice approve -i 1 1", who="leo"),
    Verb("notice pdf -i 1 1 --to @out", prints=True),
    Verb("file -i 1 --obligation eu-gdpr/authority@DE --channel portal --receipt @receipt"),
    Verb("close -i 1 --reason over --despite"),
    Verb("reopen -i 3 --reason 'it was none'"),
    Verb("merge -i 2 --into 1 --reason same"),
    Verb("review answer -i 1 how_detected 'By chance.'"),
    Verb("review action -i 1 Train --owner leo --due 2031-01-01"),
    Verb("review done -i 1 1"),
    Verb("review advance -i 1 in_review"),
    Verb("review write -i 1 --to @out", prints=True),
    Verb("risk enisa -i 1 --context 4 --identification 0.75 --malicious"),
    Verb("risk hipaa -i 1 --nature low 'names only'"),
    Verb("risk harm -i 1 --usable no"),
    Verb("organisation set --website nordlicht.example"),
    Verb("team change leo --phone '+49 30 5550 0101'"),
    Verb("team leave leo"),
    Verb("vault passphrase --new-passphrase-file @new-passphrase"),
    Verb("vault new-code --recovery-code-file @new-code"),
    Verb("vault recover --code-file @code --passphrase-file @new-passphrase"),
    Verb("contracts import @clauses.csv"),
)


def typed(words: str, desk: Path) -> list[str]:
    """The words as a shell would split them; `@name` is a file on the desk beside the vault."""
    import shlex

    return [str(desk / word[1:]) if word.startswith("@") else word for word in shlex.split(words)]
