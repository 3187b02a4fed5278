"""The words of a notice: each element with its source, marked passages, what is typed and not recorded, what changed since."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3.dbapi2 import DatabaseError, IntegrityError

from incident.domain.completeness import ElementState
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.domain.passage import for_reader, unclear_mark
from incident.domain.profile import Profile
from incident.domain.readability import MEASURES, measured, readability
from incident.errors import ConflictError, RefusedError
from incident.usecases.desk import Desk
from incident.usecases.editor_text import edited_in_editor
from incident.usecases.evidence import evidence
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notice_check import notice_check
from incident.usecases.notice_compare import compare, marked
from incident.usecases.notice_copy import copy_sheet, tick
from incident.usecases.notice_follow_up import begin_follow_up, follow_up
from incident.usecases.notices import NewNotice, begin, draft, edit_field, notices
from incident.usecases.unsaved_text import keep_unsaved, unsaved
from incident.usecases.vaults import unlock
from incident.usecases.versions import approve, freeze, kept_page, version_view, versions
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident, say
from tests.usecases.test_notice_life import LATER, a_notice

SECRET = "Counsel says the firewall was off"
FOR_THEM = "The police know who it was"
TOLD = f"A mailbox was read. [[privileged]]{SECRET}.[[end]] [[Regulator only]]{FOR_THEM}.[[END]] It is closed."
HARD = (
    "Pursuant to the applicable provisions concerning notification, the undersigned organisation hereby communicates that an "
    "unauthorised acquisition of information pertaining to identifiable individuals occurred notwithstanding the "
    "implementation of comprehensive organisational and technological countermeasures at every level of the organisation."
)


def test_each_element_shows_its_fact_and_who_said_so(ana: Desk) -> None:
    _, held = a_notice(ana)
    check = notice_check(held)
    nature = next(each for each in check.elements if "nature" in each.text)
    assert nature.state is ElementState.HAVE
    source = next(each for each in nature.sources if each.field == "what_happened")
    assert (source.source, source.said_by) == ("account.what_happened", "Ana Ruiz (invented)")
    edited = notice_check(edit_field(ana, held.notice.id, "what_happened", "In our words.", now=NOW))
    assert next(s for e in edited.elements for s in e.sources if s.field == "what_happened").source == "edited"


def test_a_privileged_passage_reaches_nobody_and_one_for_the_regulator_no_customer(ana: Desk, tmp_path: Path) -> None:
    incident, held = a_notice(ana)
    say(ana, incident, "account.what_happened", TOLD)
    letter = begin(ana, incident, NewNotice("gdpr-individuals", language="en", recipient_name="Customers"), now=NOW)
    edit_field(ana, letter.notice.id, "advice", f"Change your password. [[privileged]]{SECRET}[[end]]", now=NOW)
    for notice_id, gets in ((held.notice.id, True), (letter.notice.id, False)):
        frozen = freeze(ana, notice_id, NoticeKind.INITIAL, now=NOW)
        page = kept_page(frozen).html
        assert "It is closed." in page
        assert SECRET not in page + str(frozen.content)
        assert (FOR_THEM in page) is gets
        assert (FOR_THEM in str(frozen.content)) is gets
    stands = draft(ana, letter.notice.id, now=NOW)
    assert SECRET in stands.notice.fields["advice"].whole
    assert dict(notice_check(stands).kept_back)["What happened"] == 2


@pytest.mark.parametrize(
    ("text", "customer", "unclear"),
    [
        ("a [[privileged]]b[[end]] c", "a c", ""),
        ("a [[ PRIVILEGED ]]b", "a", "[[ PRIVILEGED ]]"),
        ("a [[regulator  only]]b[[privileged]]c[[end]]d", "a d", "[[privileged]]"),
        ("a [privileged]b[end] c", "a [privileged]b[end] c", "[privileged]b[end] c"),
        ("a [[privileged] ]b", "a [[privileged] ]b", "[[privileged] ]b"),
        ("a ［［privileged］］b", "a ［［privileged］］b", "［［privileged］］b"),
        ("a [[end]] b", "a  b", "[[end]]"),
        ("[[1]] and [x] stay", "[[1]] and [x] stay", ""),
    ],
)
def test_marks_are_exact_and_what_only_looks_like_one_stops_the_version(text: str, customer: str, unclear: str) -> None:
    assert for_reader(text, Profile.CUSTOMER).text == customer
    assert unclear_mark(text) == unclear


def test_a_mark_without_an_end_freezes_nothing(ana: Desk) -> None:
    _, held = a_notice(ana)
    edit_field(ana, held.notice.id, "cause", "Phishing [privileged] our fault", now=NOW)
    with pytest.raises(RefusedError, match="is not understood"):
        freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)


def test_a_letter_that_is_hard_to_read_is_frozen_only_by_somebody_who_means_it(ana: Desk) -> None:
    incident, held = a_notice(ana)
    letter = begin(ana, incident, NewNotice("gdpr-individuals", language="en", recipient_name="Customers"), now=NOW)
    edit_field(ana, letter.notice.id, "what_happened", HARD, now=NOW)
    edit_field(ana, letter.notice.id, "advice", "Change your password.", now=NOW)
    with pytest.raises(RefusedError, match="hard to read; avoid «pursuant to».*longest sentence has 3") as refused:
        freeze(ana, letter.notice.id, NoticeKind.COMPLETE, now=NOW)
    assert "--as-written" in refused.value.hint
    freeze(ana, letter.notice.id, NoticeKind.COMPLETE, now=NOW, as_written=True)
    assert ana.workspace.entries(incident.id)[-1].detail["as_written"] is True
    edit_field(ana, held.notice.id, "what_happened", HARD, now=NOW)
    assert freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)  # an authority reads what it reads


PLAIN = {
    "en": "Somebody read our mailbox. They saw your name. We closed it within an hour. Please change your password now. Call us "
    "if you have a question. We will tell you what we find out next week.",
    "de": "Jemand hat unser Postfach gelesen. Er hat Ihren Namen gesehen. Wir haben es nach einer Stunde gesperrt. Bitte "
    "ändern Sie jetzt Ihr Passwort. Rufen Sie uns an, wenn Sie eine Frage haben. Wir sagen Ihnen Bescheid.",
    "fr": "Quelqu'un a lu notre boîte. Il a vu votre nom. Nous l'avons fermée en une heure. Changez votre mot de passe. "
    "Appelez-nous si vous avez une question. Nous vous dirons la suite la semaine prochaine.",
    "es": "Alguien leyó nuestro buzón. Vio su nombre. Lo cerramos en una hora. Cambie ahora su clave. Llámenos si tiene una "
    "pregunta. Le diremos lo que sepamos la semana que viene, por carta o por correo.",
    "it": "Qualcuno ha letto la nostra casella. Ha visto il suo nome. L'abbiamo chiusa in un'ora. Cambi ora la sua parola "
    "chiave. Ci chiami se ha una domanda. Le diremo di più la prossima settimana.",
    "nl": "Iemand heeft onze mailbox gelezen. Hij zag uw naam. Wij sloten hem na een uur. Kies nu een nieuw wachtwoord. Bel "
    "ons als u een vraag heeft. Wij schrijven u volgende week weer wat wij weten.",
    "pl": "Ktoś czytał naszą pocztę. Widział twoje imię. Po godzinie ją zamknęliśmy. Zmień teraz hasło. Zadzwoń do nas, jeśli "
    "masz pytanie. Za tydzień powiemy ci, co wiemy. To ważne dla ciebie i dla nas.",
    "pt": "Alguém leu a nossa caixa. Viu o seu nome. Fechámos tudo numa hora. Mude agora a sua senha. Ligue para nós se tiver "
    "uma pergunta. Na próxima semana diremos o que soubermos, por carta.",
}


@pytest.mark.parametrize("language", sorted(MEASURES))
def test_each_language_has_its_own_measure_and_tells_plain_from_hard(language: str) -> None:
    plain = readability(PLAIN[language], language)
    assert plain.plain, plain
    assert plain.score is not None
    hard = readability(
        " ".join(PLAIN[language].replace(".", "").split() * 2) + " internationalisierungsorganisationen" * 9, language
    )
    assert not hard.plain, hard
    assert hard.longest


def test_the_formulas_are_those_that_were_published() -> None:
    text = measured("The cat sat on the mat. It was a sunny day.", "en")
    assert (len(text.sentences), text.words, text.syllables, text.letters) == (2, 11, 12, 31)
    asl, asw = 5.5, 12 / 11
    wanted = {
        "en": 206.835 - 1.015 * asl - 84.6 * asw,
        "de": 180 - asl - 58.5 * asw,
        "fr": 207 - 1.015 * asl - 73.6 * asw,
        "es": 206.835 - asl - 62.3 * asw,
        "it": 89 + (300 * 2 - 10 * 31) / 11,
        "nl": 206.84 - 0.93 * asl - 77 * asw,
        "pl": 0.4 * asl,
        "pt": 248.835 - 1.015 * asl - 84.6 * asw,
    }
    assert {key: round(each.formula(text), 6) for key, each in MEASURES.items()} == {k: round(v, 6) for k, v in wanted.items()}


def test_what_is_typed_outlives_the_program_and_changes_nothing_until_it_is_recorded(ana: Desk, leo: Desk) -> None:
    incident, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, version.id, now=NOW)
    keep_unsaved(ana, held.notice.id, "cause", "A stolen pass", now=NOW)
    keep_unsaved(ana, held.notice.id, "cause", "A stolen password", now=LATER)
    entries = len(ana.workspace.entries())
    keep_unsaved(ana, held.notice.id, "cause", "A stolen password", now=LATER)
    assert len(ana.workspace.entries()) == entries
    again = unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)  # no close, as after a kill
    assert unsaved(again, held.notice.id)["cause"].text == "A stolen password"
    again.close()
    assert unsaved(leo, held.notice.id) == {}
    assert draft(ana, held.notice.id, now=LATER).notice.fields["cause"].edited is False
    edit_field(leo, held.notice.id, "cause", "Leo was quicker", now=LATER)
    with pytest.raises(ConflictError):
        edit_field(ana, held.notice.id, "cause", "A stolen password", now=LATER, seen=(None,))
    assert unsaved(ana, held.notice.id)["cause"].text == "A stolen password"
    edit_field(ana, held.notice.id, "cause", "A stolen password", now=LATER)
    assert unsaved(ana, held.notice.id) == {}
    assert ana.workspace.verify().problems == ()


def test_what_the_editor_saved_is_kept_also_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nstat -c %a "$1" > mode\nprintf "first\\n" > "$1"\n[ -n "$FAIL" ] && exit 3\nexit 0\n')
    editor.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    kept: list[str] = []
    assert edited_in_editor("old", "cause", kept.append) == "first"
    assert (kept, (tmp_path / "mode").read_text().strip()) == (["first"], "600")
    monkeypatch.setenv("FAIL", "1")
    with pytest.raises(RefusedError, match="status 3"):
        edited_in_editor("old", "cause", kept.append)
    assert kept == ["first", "first"]
    monkeypatch.delenv("EDITOR")
    with pytest.raises(RefusedError, match="No editor is named"):
        edited_in_editor("old", "cause", kept.append)


def test_a_frozen_version_and_a_signature_cannot_be_altered_in_the_database(ana: Desk, leo: Desk) -> None:
    _, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, version.id, now=NOW)
    connection = ana.workspace._connect()
    connection.touched = []
    for attack in (
        "UPDATE notice_version SET content_hash = 'x'",
        "UPDATE notice_version SET kind = 'complete'",
        "UPDATE approval SET approved = 0",
        "DELETE FROM notice_version",
    ):
        with pytest.raises((DatabaseError, IntegrityError), match="does not change|is kept"):
            connection.execute(attack)
    connection.close()
    assert version_view(ana, version.id).is_approved


def test_who_drafted_cannot_approve_whatever_program_asks(ana: Desk, leo: Desk) -> None:
    incident, held = a_notice(ana)
    edit_field(leo, held.notice.id, "cause", "Leo's words", now=NOW)
    edit_field(leo, held.notice.id, "cause", None, now=NOW)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    with pytest.raises(RefusedError, match="a second person approves"):
        approve(leo, version.id, now=NOW)
    begun = begin(leo, incident, NewNotice("gdpr-register", recipient_name="Own record"), now=NOW)
    theirs = freeze(ana, begun.notice.id, NoticeKind.INITIAL, now=NOW)
    with pytest.raises(RefusedError, match="a second person approves"):
        approve(leo, theirs.id, now=NOW)


def test_what_changed_since_they_were_told(ana: Desk, leo: Desk) -> None:
    _, held = a_notice(ana)
    edit_field(ana, held.notice.id, "cause", "A stolen password of one person", now=NOW)
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    record_filing(ana, _, Sent("portal", first.id), said(LATER.isoformat(), now=LATER, zone=ZONE), now=LATER)
    edited = edit_field(ana, held.notice.id, "cause", "A stolen password of two people", now=LATER)
    found = compare(ana, edited)
    assert found.told
    assert [(each.label, marked(each.stretches)) for each in found.fields if each.key == "cause"] == [
        ("Cause", "A stolen password of [-one-]{+two+} [-person-]{+people+}")
    ]
    second = freeze(ana, held.notice.id, NoticeKind.SUPPLEMENTARY, now=LATER)
    assert "one person" in kept_page(second).html
    withdrawal = freeze(ana, held.notice.id, NoticeKind.WITHDRAWAL, now=LATER)
    assert withdrawal.content["fields"]["cause"]["value"] == "A stolen password of two people"  # type: ignore[index]


def test_an_initial_notice_says_what_follows_and_goes_on_as_its_follow_up(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "risk.individuals", "risk", basis="x")
    held = begin(ana, incident, NewNotice("gdpr-authority", language="en", recipient_name="Authority"), now=NOW)
    assert follow_up(held, versions(ana, held.notice.id)) is None
    with pytest.raises(RefusedError, match="Nothing follows"):
        begin_follow_up(ana, held, now=NOW)
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    before = follow_up(draft(ana, held.notice.id, now=NOW), versions(ana, held.notice.id))
    assert before is not None
    assert "What happened" in before.open
    say(ana, incident, "account.what_happened", "A mailbox was read.")
    after = follow_up(begin_follow_up(ana, held, now=NOW), versions(ana, held.notice.id))
    assert after is not None
    assert "What happened" in after.promised
    assert len(after.open) >= len(before.open) - 3
    fresh = follow_up(draft(ana, held.notice.id, now=NOW), versions(ana, held.notice.id))
    assert fresh is not None
    assert "What happened" not in fresh.open


def test_an_early_warning_is_followed_by_the_next_report_with_its_answers(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    held = begin(ana, incident, NewNotice("eu-nis2-early-warning", recipient_name="CSIRT"), now=NOW)
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    begun = begin_follow_up(ana, held, now=NOW)
    assert (begun.template.slug, begun.notice.recipient_name) == ("eu-nis2-notification", "CSIRT")
    assert begin_follow_up(ana, held, now=NOW).notice.id == begun.notice.id
    assert len(notices(ana, incident, now=NOW)) == 2


def test_a_receipt_lies_among_the_evidence_and_a_refused_filing_takes_nothing_in(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    incident, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, version.id, now=NOW)
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(b"%PDF-1.7 received")
    late = NOW + timedelta(days=9)
    with pytest.raises(RefusedError, match="this filing is late"):
        record_filing(
            ana, incident, Sent("portal", version.id, receipt=receipt), said(late.isoformat(), now=late, zone=ZONE), now=late
        )
    assert evidence(ana, incident) == ()
    sent = Sent("portal", version.id, reference="R-7", receipt=receipt, late_reason="the count took long")
    made = record_filing(ana, incident, sent, said(late.isoformat(), now=late, zone=ZONE), now=late)
    item = evidence(ana, incident)[0]
    assert (item.sha256, item.source) == (made[0].receipt_hash, "receipt, portal, reference R-7")
    record_filing(ana, incident, sent, said(late.isoformat(), now=late, zone=ZONE), now=late)
    assert len(evidence(ana, incident)) == 1


def test_a_tick_holds_for_the_very_answer_that_was_copied(ana: Desk) -> None:
    incident, _ = a_notice(ana)
    held = begin(ana, incident, NewNotice("uk-ico", recipient_name="ICO"), now=NOW)
    sheet = copy_sheet(ana, held, None)
    assert sheet.version is None
    line = sheet.next_open
    assert line is not None
    assert "<" not in line.text
    tick(ana, held, line, now=NOW)
    ticked = {each.field: each for each in copy_sheet(ana, held, None).lines}[line.field]
    assert (ticked.is_copied, ticked.copied_by) == (True, "Ana Ruiz (invented)")
    assert copy_sheet(ana, held, None).next_open != line
    text = next(each for each in sheet.lines if each.text and held.template.field_named(each.field).type.value == "prose")  # type: ignore[union-attr]
    tick(ana, held, text, now=NOW)
    edited = edit_field(ana, held.notice.id, text.field, "\u202eanother answer\x07", now=NOW)
    again = {each.field: each for each in copy_sheet(ana, edited, None).lines}[text.field]
    assert (again.is_copied, again.text) == (False, "another answer")
    assert ana.workspace.verify().problems == ()
