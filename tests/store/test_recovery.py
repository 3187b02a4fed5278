"""Shares of the recovery code: any k of n open the vault, fewer say nothing, and every wrong paper is told apart."""

import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.cli.app import main
from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import ContentError, RefusedError, StoreError
from incident.store import sharing
from incident.store.keys import FLOOR
from incident.store.recovery import Rule, new_papers, rule_from, secret_in
from incident.store.sharing import joined, split
from incident.store.vault import read_header, recovery_rule
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.vaults import NewResponder, prepare, recover, renew_recovery
from tests.conftest import NOW, PASSPHRASE, an_incident

TWO_OF_THREE = Rule(2, 3)
NEW = "seven new words for this responder"


@given(st.binary(min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 4), st.data())
@settings(max_examples=60)
def test_any_k_shares_give_the_secret_back_and_more_do_too(secret: bytes, needed: int, more: int, data: st.DataObject) -> None:
    shares = split(secret, needed=needed, of=needed + more)
    chosen = data.draw(st.lists(st.sampled_from(sorted(shares)), min_size=needed, unique=True))
    assert joined({each: shares[each] for each in chosen}) == secret


def test_one_share_of_two_says_nothing_about_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every secret, over every polynomial, a share takes each of the 256 values exactly once."""
    for secret in (0, 1, 0x53, 255):
        seen: Counter[int] = Counter()
        for coefficient in range(256):
            monkeypatch.setattr(sharing, "token_bytes", lambda size, each=coefficient: bytes([each]) * size)
            seen[split(bytes([secret]), needed=2, of=3)[2][0]] += 1
        assert set(seen.values()) == {1}


def test_the_field_is_that_of_aes() -> None:
    """FIPS 197, section 4.2: {57} times {83} is {c1}; {53} and {ca} are inverses."""
    assert sharing._times(0x57, 0x83) == 0xC1
    assert sharing._inverse(0x53) == 0xCA
    assert all(sharing._times(each, sharing._inverse(each)) == 1 for each in range(1, 256))


@pytest.mark.parametrize("text", ["1/3", "4/3", "2/10", "two of three", "", "2/3/4"])
def test_a_rule_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match="no rule for shares"):
        rule_from(text)


def test_every_typing_error_in_a_share_is_found() -> None:
    papers = new_papers("a vault", TWO_OF_THREE)
    slot = papers.in_slot()
    first, second, _ = papers.texts
    for index, letter in enumerate(first):
        if letter != "-":
            wrong = first[:index] + ("C" if letter != "C" else "D") + first[index + 1 :]
            with pytest.raises(RefusedError):
                secret_in(f"{wrong}\n{second}", slot, "a vault")
    folded = first.lower().replace("o", "0").replace("i", "1").replace("b", "8").replace("-", " ")
    assert secret_in(f"{second}, {folded}", slot, "a vault") == papers.secret


def test_wrong_papers_are_told_apart() -> None:
    papers, older = new_papers("a vault", TWO_OF_THREE), new_papers("a vault", TWO_OF_THREE)
    elsewhere, code = new_papers("another vault", TWO_OF_THREE), new_papers("a vault")
    slot, one = papers.in_slot(), papers.texts[0]
    for typed, said in (
        (one, "2 of 3 shares, and 1 was given"),
        (f"{one}\n{one}", "Share 1 was given twice"),
        (f"{one}\n{elsewhere.texts[1]}", "Share 2 is of another vault"),
        (f"{one}\n{older.texts[1]}", "Share 2 is void"),
        (code.texts[0], "any 2 of 3 shares, not with one code"),
        (f"{one}\n{code.texts[0]}", "does not match its checksum"),
        ("", "does not match its checksum|and 0 was given"),
    ):
        with pytest.raises(RefusedError, match=said):
            secret_in(typed, slot, "a vault")
    with pytest.raises(RefusedError, match="void"):
        secret_in(f"{one}\n{papers.texts[1]}", code.in_slot(), "a vault")


def test_the_papers_in_the_format_description_open_as_it_says() -> None:
    text = (Path(__file__).parents[2] / "docs" / "format-recovery.md").read_text(encoding="utf-8")
    papers = [line.strip() for line in text.splitlines() if line.startswith("    EM")]
    slot = {"shares": {"needed": 2, "of": 3, "split": "00112233"}}
    assert len(papers) == 3
    for chosen in combinations(papers, 2):
        assert secret_in(", ".join(chosen), slot, "3f0b8f2a-8c1d-4f7e-9a55-2f6f6f0c4e10") == bytes(range(32))


def test_a_vault_is_made_with_shares_typed_back_and_any_two_open_it(tmp_path: Path) -> None:
    pending = prepare(
        tmp_path / "v",
        organisation=Organisation("N (invented)"),
        founder=NewResponder("Ana (invented)", "ana", Function.IT),
        passphrase=PASSPHRASE,
        cost=FLOOR,
        recovery=TWO_OF_THREE,
    )
    assert len(pending.papers) == 3
    with pytest.raises(RefusedError, match="Share 3 was not typed back"):
        pending.confirm("\n".join(pending.papers[:2]), now=NOW)
    assert not (tmp_path / "v").exists()
    desk = pending.confirm(pending.recovery_code, now=NOW)
    an_incident(desk, title="Only members read this")
    desk.close()
    for chosen in combinations(pending.papers, 2):
        mended = recover(tmp_path / "v", code="\n".join(chosen), sign_in="ana", new_passphrase=NEW, now=NOW, cost=FLOOR)
        assert [each.title for each in incidents(mended)] == ["Only members read this"]
        mended.close()
    header = json.loads((tmp_path / "v" / "vault.json").read_text())
    assert recovery_rule(header) == TWO_OF_THREE


def test_new_shares_make_the_older_papers_void(ana: Desk) -> None:
    path = ana.workspace.path
    an_incident(ana)
    first = ana.workspace.slots.new_recovery_code(TWO_OF_THREE)
    renew_recovery(ana, first, first.code, now=NOW)
    second = ana.workspace.slots.new_recovery_code(Rule(3, 5))
    renew_recovery(ana, second, second.code, now=NOW)
    with pytest.raises(RefusedError, match="void"):
        recover(path, code="\n".join(first.papers.texts[:2]), sign_in="ana", new_passphrase=NEW, now=NOW, cost=FLOOR)
    recover(path, code="\n".join(second.papers.texts[2:]), sign_in="ana", new_passphrase=NEW, now=NOW, cost=FLOOR).close()


def test_whoever_renews_the_recovery_hears_which_incidents_it_does_not_open(ana: Desk, leo: Desk) -> None:
    from incident.usecases.members import let_out

    held = an_incident(leo)
    let_out(leo, held, "ana", only_counsel=False, now=NOW)
    pending = ana.workspace.slots.new_recovery_code()
    assert renew_recovery(ana, pending, pending.code, now=NOW) in ((), (held.reference,))


@pytest.mark.parametrize("shares", [None, [], {"needed": 2, "of": 3}, {"needed": 1, "of": 3, "split": "aa"}, "2/3"])
def test_a_header_that_says_nonsense_about_shares_is_refused(ana: Desk, shares: object) -> None:
    path = ana.workspace.path / "vault.json"
    header = json.loads(path.read_text())
    for each in header["slots"]:
        if each["kind"] == "recovery":
            each["shares"] = shares
    path.write_text(json.dumps(header))
    with pytest.raises(StoreError, match="damaged"):
        read_header(path.parent)


def test_the_commands_write_shares_to_files_and_open_the_vault_with_two(
    ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words").write_text(PASSPHRASE)
    (tmp_path / "new").write_text(NEW)
    vault = ["--vault", str(ana.workspace.path)]
    signed_in = [*vault, "--as", "ana", "--passphrase-file", str(tmp_path / "words")]
    assert main(["vault", "recovery", "shares", "2/3", "--recovery-code-file", str(tmp_path / "code.txt"), *signed_in]) == 0
    assert "any 2 of 3 shares" in capsys.readouterr().out
    files = [tmp_path / f"code-{number}.txt" for number in (1, 2, 3)]
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in files)
    assert main(["vault", "recovery", "show", "--json", *vault]) == 0
    assert json.loads(capsys.readouterr().out) == {"needed": 2, "of": 3}
    one = ["--recovery-code-file", str(files[0])]
    mend = ["vault", "recover", "--as", "ana", "--passphrase-file", str(tmp_path / "new"), *vault]
    assert main([*mend, *one]) == 1
    assert "1 was given" in capsys.readouterr().err
    assert main([*mend, *one, "--recovery-code-file", str(files[2])]) == 0
