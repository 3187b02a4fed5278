"""The demo: a real course of events, played through every use case from declaration to review.

The events are those of the token theft at a chatbot integration in August 2025 (facts from public reports, moved
into 2026 so that today's law applies). The organisation, the clinic and all people are invented, and say so.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from incident.domain.docket import Fold, docket
from incident.domain.fact_record import Confidence
from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.domain.organisation import Organisation
from incident.domain.responder import Function, Role
from incident.domain.review import ActionKind, ReviewState
from incident.domain.timeline import EntryKind
from incident.usecases import demo_notices as notices
from incident.usecases import demo_script as script
from incident.usecases.action_items import add_action_item
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.closing import close
from incident.usecases.desk import Desk
from incident.usecases.facts import Statement, record_fact, record_unknown
from incident.usecases.filings import Sent, record_filing
from incident.usecases.guide import complete_step, incident_guide, skip_step
from incident.usecases.incidents import Declaration, declare
from incident.usecases.notices import Draft, NewNotice, begin, edit_field
from incident.usecases.notices import notices as drafts
from incident.usecases.people import invite
from incident.usecases.press import write_pdf
from incident.usecases.review import advance_review, answer_review, margins
from incident.usecases.review_report import write_review
from incident.usecases.roles import assign
from incident.usecases.timeline import log
from incident.usecases.vaults import NewResponder, prepare, unlock
from incident.usecases.versions import approve, freeze

PASSPHRASE = "copper heron demo passphrase"  # noqa: S105 - the demo's own, printed on the screen
ZONE = "Europe/Berlin"


class Play:
    """The demo as it runs: two desks, one incident, and the time of the story."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder, self.tell = folder, tell
        self.now = datetime(2026, 8, 23, 6, 40, tzinfo=UTC)
        self.documents: list[Path] = []
        self.ana = self._vault()
        self.leo = unlock(folder / "vault", sign_in="leo", passphrase=PASSPHRASE)
        self.incident = self._declare()

    def _vault(self) -> Desk:
        self.tell("Nordlicht Werkzeuge GmbH, its clinic and all people in this demo are invented.\n")
        pending = prepare(
            self.folder / "vault",
            organisation=Organisation(**script.ORGANISATION),  # type: ignore[arg-type]
            founder=NewResponder("Ana Ruiz (invented)", "ana", Function.IT, phone="+49 30 5550 0101", zone=ZONE),
            passphrase=PASSPHRASE,
        )
        desk = pending.confirm(pending.recovery_code, now=self.now)
        self.tell("vault      created, encrypted; recovery code shown once and typed back")
        for name, sign_in, function, phone, approves in script.TEAM:
            person = NewResponder(name, sign_in, Function(function), phone=phone, zone=ZONE)
            invite(desk, person, passphrase=PASSPHRASE, may_approve=approves, now=self.now)
            self.tell(f"team       {name} has a slot of their own{', may approve' if approves else ''}")
        return desk

    def _declare(self) -> Incident:
        self.at("2026-08-23 09:05")
        declaration = Declaration(
            title="Chatbot integration: stolen tokens read our CRM",
            playbook="integration-token-compromise",
            commander="ana",
            detected=said("2026-08-23 08:10", now=self.now, zone=ZONE),
            severity=1,
        )
        incident = declare(self.ana, declaration, now=self.now)
        self.tell(f"\n{self.stamp()}  DECLARED {incident.reference} «{incident.code_name}»: {incident.title}")
        return incident

    def at(self, local: str) -> None:
        """Move the story's clock forward."""
        moment = said(local, now=self.now, zone=ZONE).at
        if moment is not None:
            self.now = moment

    def stamp(self) -> str:
        """The story's time, with its zone."""
        return f"{said(self.now.isoformat(), now=self.now, zone=ZONE).readback.split(' (')[0]}"

    def fact(self, key: str, text: str, *, source: str, basis: str = "", sure: str = "confirmed", whose: str = "") -> None:
        """Somebody records a fact."""
        statement = Statement(key, text, source, Confidence(sure), basis, whose)
        record_fact(self.ana, self.incident, statement, now=self.now, zone=ZONE)
        shown = text.replace("\n", " ")
        self.tell(f"  fact     {f'{whose}: ' if whose else ''}{key} = {shown if len(shown) < 70 else shown[:67] + '…'}")

    def step(self, slug: str, *, note: str = "", decision: str = "") -> None:
        """Somebody finishes a step."""
        complete_step(self.ana, self.incident, slug, now=self.now, note=note, decision=decision)
        self.tell(f"  step     ✔ {slug}{f' — {decision or note}' if decision or note else ''}")

    def clocks(self) -> None:
        """What runs now."""
        met = {(each.on_behalf_of, each.obligation): each.met for each in margins(self.ana, self.incident, now=self.now)}
        arranged = docket(clock_list(clocks(self.ana, self.incident, now=self.now)))
        self.tell("  clocks")
        for each in (*arranged.open, *arranged.filed):
            if isinstance(each, Fold):
                self.tell(f"           ? {each.question} {len(each.clocks)} duties hang on it")
                continue
            how = met.get((each.on_behalf_of, each.obligation.id), "")
            self.tell(f"           {script.clock_text(each, self.now, how)}")

    def notice(self, item: notices.NoticeItem) -> None:
        """Draft, freeze, have it approved by the second person, print, send, record."""
        draft = self._drafted(item)
        for key, value in item.edits.items():
            draft = edit_field(self.leo, draft.notice.id, key, value, now=self.now)
        kind = NoticeKind(item.kind)
        version = freeze(self.leo, draft.notice.id, kind, now=self.now)
        approve(self.ana, version.id, now=self.now)
        written = write_pdf(self.leo, version.id, self.folder / "documents", now=self.now)
        self.documents.append(written.path)
        self.tell(f"  notice   {written.title} [{item.language}, {kind.value}]: drafted by Leo, approved by Ana")
        if item.channel:
            sent = Sent(item.channel, version.id, reference=item.reference)
            when = said(self.now.isoformat(), now=self.now, zone=ZONE)
            for filing in record_filing(self.leo, self.incident, sent, when, now=self.now):
                self.tell(f"  sent     {filing.obligation} by {filing.channel} {filing.reference}")

    def _drafted(self, item: notices.NoticeItem) -> Draft:
        """A new notice, or the one that was begun before and is now continued."""
        if item.follows:
            earlier = drafts(self.leo, self.incident, now=self.now)
            return next(
                each for each in earlier if (each.notice.template, each.notice.language) == (item.template, item.language)
            )
        new = NewNotice(item.template, item.language, item.recipient, item.address, item.whose, obligations=item.obligations)
        return begin(self.leo, self.incident, new, now=self.now)


def play(folder: Path, tell: Callable[[str], None], *, scenes: int | None = None) -> list[Path]:
    """Play the incident into `folder` (vault/ and documents/) and return the documents; `scenes` stops early."""
    story = Play(folder, tell)
    try:
        for scene in (_first_hours, _first_day, _notify_authority, _second_week, _letters, _finish)[:scenes]:
            scene(story)
    finally:
        story.leo.close()
        story.ana.close()
    return story.documents


def _first_hours(story: Play) -> None:
    for role, who in ((Role.TECHNICAL_LEAD, "kofi"), (Role.LEGAL, "leo"), (Role.PRIVACY_OFFICER, "leo")):
        assign(story.ana, story.incident, role, who, now=story.now)
        story.tell(f"  role     {role.label}: {who}")
    story.fact("at.told_by_processor", "2026-08-23 08:10", source="e-mail of the vendor")
    story.fact("account.other_party", "the chatbot vendor (invented here; a real case of 2025 is its model)", source="vendor")
    story.fact("account.how_discovered", script.HOW_DISCOVERED, source="e-mail of the vendor")
    record_unknown(story.ana, story.incident, "people", now=story.now, owner="kofi")
    story.tell("  fact     people = unknown yet; Kofi finds out")
    story.step("open-log")
    for when, text in script.ATTACK:
        moment = said(when, now=story.now, zone=ZONE)
        log(story.ana, story.incident, text, now=story.now, when=moment, kind=EntryKind.ATTACK, source="public reports")
    story.tell(f"  log      {len(script.ATTACK)} lines of what the attacker did, as the reports say")
    story.clocks()
    story.at("2026-08-23 09:40")
    story.step("name-team")
    story.step("hold-evidence", note="provider logs requested, rotation stopped")
    story.step("inventory-grants", note="3 grants exported")
    story.step("contain", decision="cut now")
    story.fact("at.contained", "2026-08-23 09:38", source="refused request with a revoked token")
    story.fact("account.measures_taken", script.MEASURES_TAKEN, source="technical lead")


def _first_day(story: Play) -> None:
    story.at("2026-08-23 14:30")
    story.tell(f"\n{story.stamp()}  the exports are read")
    story.fact("at.aware", "2026-08-23 14:10", source="first export read: it holds customers' cases")
    story.fact("at.discovered", "2026-08-23", source="the same finding")
    story.fact("at.occurred", "2026-08-12", source="vendor's log, day only")
    story.fact("at.occurred_until", "2026-08-17", source="vendor's log, day only")
    for key in ("breach.confidentiality", "breach.accessed", "breach.acquired"):
        story.fact(key, "yes", source="bulk export job in the provider's log")
    for key in ("breach.integrity", "breach.availability"):
        story.fact(key, "no", source="provider's log")
    story.fact("data.elements", "name, email, medical", source="first export", sure="likely")
    story.fact("data.encrypted", "no", source="CRM settings")
    story.fact("data.key_compromised", "no", source="CRM settings")
    story.fact("data.medium", "electronic", source="CRM")
    story.step("record-awareness", note="14:10: the first export certainly holds customers' cases")
    story.clocks()
    story.at("2026-08-24 11:20")
    story.tell(f"\n{story.stamp()}  people counted, support cases searched for secrets")
    story.fact("people", "DE ~18200, FR ~6400, US-CA ~2950, US-NV 640", source="CRM query by country", sure="estimate")
    story.fact("data.elements", "name, email, online_credentials, medical", source="full text search of the cases")
    story.tell("           a changed fact: passwords lay in the cases — California's statute now applies")
    for key, text in script.ACCOUNT.items():
        story.fact(key, text, source="technical lead and counsel")
    story.fact("risk.individuals", "high", source="privacy officer", basis=script.RISK_REASONS)
    for slug in ("provider-logs", "scope-data", "rotate-secrets", "export-list", "scope-people", "scope-time"):
        if story_step_open(story, slug):
            story.step(slug)
    story.clocks()


def story_step_open(story: Play, slug: str) -> bool:
    """Whether a step can be finished now."""
    from incident.domain.guide import StepState

    found = incident_guide(story.ana, story.incident, now=story.now).named(slug)
    return found is not None and found.state is StepState.OPEN


def _notify_authority(story: Play) -> None:
    story.at("2026-08-25 16:30")
    story.tell(f"\n{story.stamp()}  the authority is told, as far as is known")
    story.notice(notices.AUTHORITY_INITIAL)
    story.notice(notices.COVERED_ENTITY)
    if story_step_open(story, "judge-risk"):
        story.step("judge-risk", decision="high")
    story.clocks()


def _second_week(story: Play) -> None:
    story.at("2026-09-02 10:00")
    story.tell(f"\n{story.stamp()}  the clinic delegates its letters to us")
    clinic = script.CLINIC
    for key, text in script.CLINIC_FACTS:
        story.fact(key, text, source="delegation agreement of 1 September", whose=clinic)
    log(
        story.ana,
        story.incident,
        "The clinic (invented) delegates letters, media and HHS to us, in writing.",
        now=story.now,
    )
    story.fact("account.records", script.RECORDS, source="final count")
    story.fact("people", "DE 18214, FR 6388, US-CA 2951, US-NV 640", source="final count, duplicates removed")
    story.clocks()


def _letters(story: Play) -> None:
    story.at("2026-09-04 09:30")
    story.tell(f"\n{story.stamp()}  letters and filings leave")
    for item in notices.LETTERS:
        story.notice(item)
    nevada = Sent("the clinic's letter, which names both of us", obligation="us-nv/individuals", recipient="patients in Nevada")
    for filing in record_filing(
        story.leo, story.incident, nevada, said(story.now.isoformat(), now=story.now, zone=ZONE), now=story.now
    ):
        story.tell(f"  sent     {filing.obligation} by {filing.channel}")
    story.clocks()


def _finish(story: Play) -> None:
    story.at("2026-09-09 15:00")
    story.tell(f"\n{story.stamp()}  recovered, reviewed, closed")
    story.fact("at.handled", "2026-09-08 18:00", source="two weeks of watching ended quietly")
    story.fact("account.told_how", script.TOLD_HOW, source="despatch lists")
    for item in notices.LAST_NOTICES:
        story.notice(item)
    while _finish_open_steps(story):
        pass
    answer_review(story.ana, story.incident, script.REVIEW, now=story.now)
    for title, owner, due, kind in script.ACTIONS:
        due_on = date.fromisoformat(due)
        add_action_item(story.ana, story.incident, title, owner=owner, due_on=due_on, kind=ActionKind(kind), now=story.now)
    for state in (ReviewState.IN_REVIEW, ReviewState.REVIEWED):
        advance_review(story.ana, story.incident, state, now=story.now)
    story.at("2026-09-09 15:30")
    story.incident = close(story.ana, story.incident, reason=script.CLOSING, now=story.now, despite=True)
    story.documents.extend(write_review(story.ana, story.incident, story.folder / "documents", now=story.now, zone=ZONE))
    story.tell("  review   answered, four action items, written in every form")
    report = story.ana.workspace.verify()
    story.tell(f"  closed   journal holds: {report.entries} entries, «{report.head.phrase}»")


def _finish_open_steps(story: Play) -> bool:
    """Finish or skip what is open now; True when that was anything, because more may have opened."""
    steps = incident_guide(story.ana, story.incident, now=story.now).open_steps
    for each in steps:
        slug = each.step.slug
        if each.step.decision:
            story.step(slug, decision=script.DECIDED.get(slug, each.step.decision.default))
        elif slug in script.SKIPPED:
            skip_step(story.ana, story.incident, slug, reason=script.SKIPPED[slug], now=story.now)
            story.tell(f"  step     – {slug}: {script.SKIPPED[slug]}")
        else:
            story.step(slug)
    return bool(steps)
