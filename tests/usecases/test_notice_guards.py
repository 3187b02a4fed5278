"""What stops a notice, or asks somebody to look again, before it reaches a reader."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from incident.cli.notice_check_page import print_check
from incident.domain.likely_language import likely_language
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.domain.passage import for_reader, unclear_mark
from incident.domain.profile import Profile
from incident.domain.telling import nature_told, number_told
from incident.errors import RefusedError
from incident.usecases.desk import Desk
from incident.usecases.exports import _said_to
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notice_check import notice_check
from incident.usecases.notice_copy import copy_sheet
from incident.usecases.notice_files import NoticeFile, write_notice_file
from incident.usecases.notice_reminders import foreign_words
from incident.usecases.notices import NewNotice, begin, draft, edit_field
from incident.usecases.versions import approve, freeze, kept_page, versions
from tests.conftest import NOW, ZONE, an_incident, say
from tests.usecases.test_notice_life import LATER, a_notice

SECRET = "Counsel says the firewall was off"


@pytest.mark.parametrize(
    "mark", ["[[Regulator-only]]", "[[privi\u200bleged]]", "[\u200b[ PRIVI\u00adLEGED ]]", "[[regulator_only]]"]
)
def test_a_mark_in_another_spelling_keeps_its_passage_back(mark: str) -> None:
    text = f"We closed it. {mark}{SECRET}[[e\u200bnd]] Call us."
    assert unclear_mark(text) == ""
    assert for_reader(text, Profile.CUSTOMER).text == "We closed it. Call us."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"[ [privileged]]{SECRET}[[end]]", "[ [privileged]]"),
        (f"as in [1] [[prvileged]]{SECRET}[[end]]", "[[prvileged]]"),
        (f"[[prvileged]]{SECRET}[[edn]]", "[[prvileged]]Counsel"),
        (f"[[\u0440rivileged]]{SECRET}[[end]]", "[[\u0440rivileged]]"),
    ],
)
def test_a_mistyped_mark_is_named_and_no_export_takes_its_text(text: str, named: str) -> None:
    assert unclear_mark(text).startswith(named)
    assert SECRET not in _said_to(text, Profile.CUSTOMER)
    assert SECRET in _said_to(text, Profile.PRIVILEGED)


def test_a_draft_with_an_unclear_mark_leaves_for_counsel_alone(
    ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, held = a_notice(ana)
    drafted = edit_field(ana, held.notice.id, "cause", f"Phishing. [ [privileged]]{SECRET}[[end]]", now=NOW)
    for profile in (Profile.CUSTOMER, Profile.REGULATOR, Profile.PUBLIC):
        with pytest.raises(RefusedError, match="is not understood"):
            write_notice_file(ana, drafted, None, NoticeFile.DOCX, tmp_path, now=NOW, profile=profile)
    with pytest.raises(RefusedError, match="is not understood"):
        copy_sheet(ana, drafted, None)
    assert list(tmp_path.glob("*.docx")) == []
    written = write_notice_file(ana, drafted, None, NoticeFile.DOCX, tmp_path, now=NOW)
    assert SECRET.encode() in ZipFile(written.path).read("word/document.xml")
    check = notice_check(drafted)
    assert dict(check.unclear) == {"Cause": "[ [privileged]]"}
    print_check(check, None)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Cause: the mark «[ [privileged]]» is not understood" in shown
    assert "May go out as initial: no · as complete: no" in shown


def test_plain_text_keeps_names_in_every_script(ana: Desk, tmp_path: Path) -> None:
    _, held = a_notice(ana)
    names = "שרה כהן, ليلى حداد, 王小明, สมชาย"
    edit_field(ana, held.notice.id, "cause", f"The mailbox of {names} was read.", now=NOW)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    assert "▯" in kept_page(version).html
    drafted, view = draft(ana, held.notice.id, now=NOW), versions(ana, held.notice.id)[-1]
    written = write_notice_file(ana, drafted, view, NoticeFile.TEXT, tmp_path, now=NOW)
    text = written.path.read_text(encoding="utf-8")
    assert names in text
    assert "▯" not in text


def test_the_forms_own_sub_type_is_that_of_the_version(ana: Desk, leo: Desk) -> None:
    incident, held = a_notice(ana, language="de")
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    record_filing(ana, incident, Sent("portal", first.id), said(LATER.isoformat(), now=LATER, zone=ZONE), now=LATER)
    edit_field(ana, held.notice.id, "completeness", "a", now=LATER)
    with pytest.raises(RefusedError, match="«Complete» was chosen, and this version is supplementary"):
        freeze(ana, held.notice.id, NoticeKind.SUPPLEMENTARY, now=LATER)
    second = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=LATER)
    changes = kept_page(second).html.partition("Bisher")[2].partition("</table>")[0]
    row = changes.partition("Vollständigkeit")[2].partition("</tr>")[0]
    assert row.index("Unvollständig") < row.index("Vollständig")


def test_nobody_signs_a_version_twice(ana: Desk, leo: Desk) -> None:
    _, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, version.id, now=NOW)
    with pytest.raises(RefusedError, match="You signed this version already"):
        approve(leo, version.id, now=NOW)
    approve(leo, version.id, now=NOW, refuse=True, note="the count is wrong")
    with pytest.raises(RefusedError, match="You refused this version already"):
        approve(leo, version.id, now=NOW, refuse=True, note="again")
    approve(leo, version.id, now=LATER)
    assert [each.approved for each in versions(ana, held.notice.id)[-1].approvals] == [True, False, True]


def test_a_letter_to_massachusetts_that_seems_to_tell_too_much_waits_for_somebody_who_means_it(ana: Desk) -> None:
    incident = an_incident(ana)
    say(
        ana,
        incident,
        "account.advice",
        "Watch your bank statements for identity theft.\nCall 1-800-555-0100 if people ask for money.",
    )
    new = NewNotice("us-state-individuals", recipient_name="Residents", obligations=("us-ma/individuals@US-MA",))
    letter = begin(ana, incident, new, now=NOW)
    edit_field(ana, letter.notice.id, "state", "us-ma", now=NOW)
    assert notice_check(draft(ana, letter.notice.id, now=NOW)).told_against_law == ()
    edit_field(ana, letter.notice.id, "services", "Free for the 1,204 residents whose mailbox was read.", now=NOW)
    found = notice_check(draft(ana, letter.notice.id, now=NOW)).told_against_law
    assert [(each.field, each.text.partition(",")[0]) for each in found] == [
        ("services", "Massachusetts: the letter must not tell the number of residents"),
        ("services", "Massachusetts: the letter must not tell the nature of the breach"),
    ]
    with pytest.raises(RefusedError, match="may tell it") as refused:
        freeze(ana, letter.notice.id, NoticeKind.INITIAL, now=NOW)
    assert "--as-written" in refused.value.hint
    edit_field(ana, letter.notice.id, "state", "us-il", now=NOW)
    fields = [each.text for each in notice_check(draft(ana, letter.notice.id, now=NOW)).told_against_law]
    assert len(fields) == 1
    assert fields[0].startswith("Illinois: the letter must not tell the number of residents")


def test_signs_of_number_and_nature() -> None:
    told = (
        "About 12 000 people",
        "thousands of Illinois residents",
        "the number of residents concerned",
        "residents affected: 40",
    )
    silent = ("Call 1-800-555-0100 people answer", "24 months of monitoring for customers", "within 30 days people may ask")
    assert all(number_told(each) for each in told)
    assert [number_told(each) for each in silent] == ["", "", ""]
    assert nature_told("Your files were accessed")
    assert nature_told("Report identity theft to the police") == ""


ENGLISH = "Somebody read the mailbox of our clinic and saw the names that were in it. We closed it and told the police."


def test_words_in_another_language_than_the_letter_are_pointed_at(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "account.what_happened", ENGLISH)
    german = begin(ana, incident, NewNotice("gdpr-individuals", language="de", recipient_name="Kunden"), now=NOW)
    told = {each.field: each.text for each in foreign_words(ana, german)}
    assert told["what_happened"] == "this text looks like English, and the notice is in German: read it before it goes."
    english = begin(ana, incident, NewNotice("gdpr-individuals", language="en", recipient_name="Customers"), now=NOW)
    told = {each.field: each.text for each in foreign_words(ana, german)}
    assert told["what_happened"] == "this text is the same as in the English notice: read it in German before it goes."
    assert "what_happened" not in {each.field for each in foreign_words(ana, english)}
    words = "Jemand hat das Postfach unserer Praxis gelesen und die Namen gesehen, die darin waren. Wir haben es gesperrt."
    mended = edit_field(ana, german.notice.id, "what_happened", words, now=NOW)
    assert "what_happened" not in {each.field for each in foreign_words(ana, mended)}
    assert (likely_language(ENGLISH), likely_language(words), likely_language("Phishing")) == ("en", "de", "")
