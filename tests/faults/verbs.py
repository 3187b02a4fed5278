"""Every verb of the command line that may write, and the state that each can begin from; a test compares them with it."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PASSPHRASE

NEW_PASSPHRASE = "seven other words for the tests"
FILES = {
    "passphrase": PASSPHRASE,
    "new-passphrase": NEW_PASSPHRASE,
    "clauses.csv": "party,window,anchor\nKlinik Süd (invented),24 hours,aware\n",
    "receipt": "a receipt (invented)",
    "mails.mbox": "From somebody (invented)\n" * 9000,
    "transcript.txt": "what the mails say (invented)\n",
    "report.log": "a false alarm's log (invented)\n",
}
PREPARED = (
    "declare 'A mailbox was read' --aware -3h --detected -5h --severity 1",
    "declare 'The same mailbox' --aware -3h",
    "declare 'A false alarm' --aware -3h",
    "evidence add -i 3 @report.log",
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
    "evidence add -i 1 @mails.mbox --source 'mail server'",
    "backup --to @copies",
)
"""Typed by Ana, one after another, before the verbs."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command that may write."""

    words: str
    who: str = "ana"
    before: tuple[str, ...] = ()
    """Typed before it, by Ana or by whoever stands before `>`; after `$` the shell's, in the desk's folder."""
    makes: str = ""
    """The folder of the vault that it makes beside the one at the desk."""
    spent: str = ""
    """What it says when it is typed again although it had been done, and the journal does not tell."""
    sample: int = 0
    """How many n of each fault are tried, where trying all would take hours; 0 is all of them."""
    stages: tuple[str, ...] = ()
    """Journal acts after which it may stop, because the sentence says so and the same words finish it."""


RECIPIENT = "age137782s5yl6s6e2um0wjugvyqhxeah6d0gfacqr6dkpchusddfdkqt2pnh7"
KOFI = "team invite 'Kofi (invented)' --sign-in kofi --their-passphrase-file @new-passphrase"
VERBS = (
    Verb("log -i 1 'a line'"),
    Verb("fact set -i 1 people 'DE 500, FR 20'"),
    Verb("notice freeze -i 1 1 --kind initial"),
    Verb(KOFI, stages=("responder.invite",)),
    Verb("declare 'Another one' --aware -1h --detected -2h"),
    Verb("step done -i 1 hold-evidence --note copied"),
    Verb("step skip -i 1 hold-evidence --reason 'nothing to hold'"),
    Verb("step reopen -i 1 open-log --reason again"),
    Verb("step hand -i 1 hold-evidence --to leo --note 'the disks are in the safe'"),
    Verb("step undo -i 1 hold-evidence --reason 'nothing to hold'", before=("step done -i 1 hold-evidence",)),
    Verb("guide add -i 1 ransomware --reason 'files are encrypted'"),
    Verb("role assign -i 1 scribe ana"),
    Verb("role give-up -i 1 legal --note 'see the log'", who="leo"),
    Verb("fact unknown -i 1 data.encrypted --owner leo --by 4"),
    Verb("notice begin -i 1 gdpr-authority --to Other"),
    Verb("notice edit -i 1 1 cause 'a stolen token'"),
    Verb("notice to -i 1 1 'The authority'"),
    Verb("notice language -i 1 1 en"),
    Verb("notice drop -i 1 2", before=("notice begin -i 1 gdpr-authority --to Other",)),
    Verb("notice approve -i 1 1", who="leo"),
    Verb("notice approve -i 1 1 --refuse --note 'the number is wrong'", who="leo"),
    Verb("notice pdf -i 1 1 --to @out"),
    Verb("notice copy -i 1 1 --done controller"),
    Verb("notice drop -i 1 1 --version 1"),
    Verb("notice export -i 1 1 text --to @out"),
    Verb("file -i 1 --obligation eu-gdpr/authority@DE --channel portal --receipt @receipt", stages=("evidence.add",)),
    Verb("file -i 1 --notice 1 --channel portal", before=("leo> notice approve -i 1 1",)),
    Verb("close -i 1 --reason over --despite"),
    Verb("reopen -i 3 --reason 'it was none'"),
    Verb("merge -i 2 --into 1 --reason same"),
    Verb("review answer -i 1 how_detected 'By chance.'"),
    Verb("review action -i 1 Train --owner leo --due 2031-01-01"),
    Verb("review done -i 1 1"),
    Verb("review advance -i 1 in_review"),
    Verb("review write -i 1 --to @out"),
    Verb("review find -i 1 factor 'no second factor' --cause social"),
    Verb("review withdraw -i 1 1", before=("review find -i 1 factor 'no second factor'",)),
    Verb("review follow-up -i 1 1 'the keys come late' --due 2031-02-01"),
    Verb("register write --to @register.csv"),
    Verb("metrics write --to @metrics.csv"),
    Verb("risk enisa -i 1 --context 4 --identification 0.75 --malicious"),
    Verb("risk hipaa -i 1 --nature low 'names only'"),
    Verb("risk harm -i 1 --usable no"),
    Verb("evidence add -i 1 @transcript.txt --note 'from the mail server'"),
    Verb("evidence annotate -i 1 1 @transcript.txt"),
    Verb("evidence verify -i 1"),
    Verb("evidence view -i 1 1 --to @looked-at"),
    Verb("evidence export -i 1 1 --to @taken-out"),
    Verb("evidence transfer -i 1 1 --to-whom 'Lab (invented)' --note 'by courier'"),
    Verb(
        "evidence transfer -i 1 1 --to-whom 'Lab (invented)' --note 'by courier' --receipt @signed.pdf",
        stages=("evidence.transfer",),
    ),
    Verb("evidence receipt -i 1 1 --to @signed.pdf", before=("evidence transfer -i 1 1 --to-whom Lab --note courier",)),
    Verb("evidence seal -i 1 1"),
    Verb("evidence destroy -i 1 1 --reason over --basis 'GDPR 5(1)(e)'"),
    Verb(f"evidence bundle -i 1 1 --to @bundle.age --to-whom Lab --note courier --to-recipient {RECIPIENT}"),
    Verb("member remove -i 1 leo"),
    Verb("member add -i 1 leo", before=("member remove -i 1 leo",)),
    Verb("hold place -i 2 --reason 'a court asks'"),
    Verb("hold lift -i 2", before=("hold place -i 2 --reason 'a court asks'",)),
    Verb("retention keep 5"),
    Verb("retention purge -i 3 --reason 'its time is over' --despite --yes"),
    Verb("retention finish", before=('$ echo \'{"incidents": [], "objects": []}\' > vault/purge.pending',)),
    Verb("journal anchor --to @anchors"),
    Verb("journal verify"),
    Verb("journal prove 3 --to @proof", spent="File exists"),
    Verb("journal export --to @journal"),
    Verb(
        "journal accept --reason 'restored'",
        before=(
            "$ cp vault/incident.db old.db",
            "log -i 1 'after the copy'",
            "$ mv old.db vault/incident.db; rm -f vault/*-wal",
        ),
    ),
    Verb("backup --to @more"),
    Verb("backup check %copy"),
    Verb("backup read %copy"),
    Verb("backup forget %copy", before=("$ mv copies elsewhere",)),
    Verb("restore %copy --vault @restored", makes="restored"),
    Verb("export emergency -i 1 --to @record.txt"),
    Verb("export veris -i 1 --to @veris-out"),
    Verb("export stix -i 1 --to @stix-out"),
    Verb("export misp -i 1 --to @misp-out"),
    Verb("export timesketch -i 1 --to @timesketch-out"),
    Verb("export csv -i 1 --to @csv-out"),
    Verb("export calendar -i 1 --to @calendar-out"),
    Verb("organisation set --website nordlicht.example"),
    Verb("team change leo --phone '+49 30 5550 0101'"),
    Verb("team leave leo", stages=("responder.leave",)),
    Verb("log -i 1 'after the change of keys'", who="leo", before=(KOFI, "team leave kofi")),
    Verb("vault passphrase --new-passphrase-file @new-passphrase", spent="does not open this vault"),
    Verb("vault new-code --recovery-code-file @new-code"),
    Verb("vault recovery code --recovery-code-file @new-code"),
    Verb("vault recovery shares 2/3 --recovery-code-file @new-code"),
    Verb("vault recover --code-file @code --passphrase-file @new-passphrase"),
    Verb(
        "vault create --organisation N --name Ana --sign-in ana --vault @fresh --recovery-code-file @fresh-code",
        makes="fresh",
    ),
    Verb("contracts import @clauses.csv"),
    Verb("timeline -i 1 --profile customer"),
    Verb("show -i 1"),
    Verb("doctor --open"),
    Verb("demo --no-screen --folder @demo", sample=4),
)
_LOOKS = """list guide clocks questions register contracts.list open vault.show vault.recovery.show team.list team.call-tree
organisation.show step.show step.ask guide.diff role.list fact.list fact.keys member.list evidence.list evidence.show
notice.templates notice.list notice.show notice.coverage notice.json review.show retention.show hold.list journal.head
notice.check notice.diff journal.list journal.access backup.list risk.score risk.show review.timeline review.actions metrics.show"""
_UNTRIED = """guide.adopt step.default import.timeline import.veris import.iris import.thehive
notice.follow-up dossier ready ready.number ready.contact ready.contacts remind
remind.on remind.off remind.channel.add remind.channel.list remind.channel.remove remind.ladder.show
remind.ladder.set watch letters.check letters.press letters.returned letters.runs"""
UNTRIED = frozenset(_UNTRIED.split())
"""Not disturbed yet: one needs a playbook changed under an open incident, one a time that has passed, the others a file; the letters' run has its own
harness (`letters_kill`)."""
WITHOUT_VAULT = frozenset({"assess", "regimes", "authorities", "schema", "playbooks", "templates"})
"""Commands that open none."""
LOOKS = frozenset(_LOOKS.split())
"""Verbs that record nothing but the look; `show`, `timeline` and `doctor` stand for them above."""


def typed(words: str, desk: Path) -> list[str]:
    """The words as a shell would split them; `@name` is a file on the desk beside the vault, `%copy` its newest backup.

    The passphrase's file is named in the words: commands that bind somebody take it from nowhere else.
    """
    split = [_meant(word, desk) for word in shlex.split(words)]
    named = split[0] in ("demo", "contracts") or "--passphrase-file" in split
    return split if named else [*split, "--passphrase-file", str(desk / "passphrase")]


def _meant(word: str, desk: Path) -> str:
    if word == "%copy":
        folder: str = json.loads((desk / "vault" / "backups.json").read_bytes())["copies"][-1]["folder"]
        return folder
    return str(desk / word[1:]) if word.startswith("@") else word
