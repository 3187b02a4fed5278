"""What is said in the demo: an invented organisation in a real course of events. Nobody here exists."""

from collections.abc import Mapping
from datetime import datetime

from incident.domain.duty_clock import Clock
from incident.domain.obligation import ObligationState
from incident.domain.review import duration_text

CLINIC = "Sierra Vista Clinic (invented)"

ORGANISATION: Mapping[str, object] = {
    "name": "Nordlicht Werkzeuge (invented)",
    "legal_name": "Nordlicht Werkzeuge GmbH (invented)",
    "address": "Beispielstraße 12\n10115 Berlin\nGermany",
    "registration": "HRB 000000, Amtsgericht Beispielstadt (invented)",
    "website": "nordlicht.example",
    "contact_name": "Incident desk",
    "contact_email": "incident@nordlicht.example",
    "contact_phone": "+49 30 5550 0100",
    "dpo_name": "Mira Lindqvist (invented)",
    "dpo_email": "privacy@nordlicht.example",
    "dpo_phone": "+49 30 5550 0110",
    "timezone": "Europe/Berlin",
    "roles": ("controller", "business_associate"),
    "sectors": (),
    "established_in": ("DE",),
    "lead_authority": "DE",
    "offers_in_uk": "no",
    "card_data_contract": "no",
}

TEAM = (
    ("Leo Stein (invented)", "leo", "legal", "+49 30 5550 0102", True),
    ("Kofi Osei (invented)", "kofi", "it", "+49 30 5550 0103", False),
)

HOW_DISCOVERED = (
    "The vendor of our support chatbot told us by e-mail that the access tokens of its CRM integration were stolen and "
    "used against its customers' CRM."
)

ATTACK = (
    ("2026-08-08", "Stolen integration tokens begin to be used against customers' CRM (day known, not the hour)"),
    ("2026-08-09 11:51 utc", "Stolen credentials are checked and our CRM is probed for the first time"),
    ("2026-08-12", "Full access through the chatbot's token; export begins (day only)"),
    ("2026-08-17", "The support-case database is exported in bulk; the job is deleted to cover it (day only)"),
    ("2026-08-20", "The CRM platform revokes every token of the integration (day only)"),
)

MEASURES_TAKEN = """\
- Every grant of the integration revoked at the CRM provider on 23 August, and a revoked token seen to fail.
- Logs of the provider requested and preserved with their hashes.
- Passwords, keys and tokens found in the exported cases reset or rotated; their owners told at once.
"""

ACCOUNT = {
    "account.what_happened": (
        "Somebody stole the access tokens that our support chatbot used to reach our customer database. Between 12 and "
        "17 August 2026 they used them to copy support cases: the messages that customers wrote to us, with names and "
        "e-mail addresses. Some messages contained passwords or information about health."
    ),
    "account.cause": "Access tokens of the chatbot's CRM integration were stolen at its vendor and used in our name.",
    "account.systems": "CRM (support cases, contacts), connected to the vendor's chatbot through an OAuth integration.",
    "account.people_description": "Customers who wrote to support, and patients of one clinic that we serve.",
    "account.data_description": "Names, e-mail addresses and the text of support cases, passwords and health notes in some.",
    "account.likely_consequences": (
        "Somebody may use the content of the cases for convincing fraud messages. A password that was written to us may "
        "be tried on other services. Health information in a message may become known to others."
    ),
    "account.measures_before": "Access by role, encryption at rest and in transit, a yearly review of integrations.",
    "account.measures_planned": (
        "The integration stays off until it has narrow scopes, short-lived tokens, fixed source addresses and an alarm on "
        "bulk reads. Passwords are removed from cases as they arrive."
    ),
    "account.advice": (
        "Change any password that you ever sent to our support, wherever you use it.\n"
        "Distrust messages that quote your support case; we never ask for a password.\n"
        "Switch on two-step sign-in where a service offers it.\n"
        "Tell us of suspicious messages at incident@nordlicht.example."
    ),
    "account.told_how": "By letter and by e-mail to the address on file, from 4 September 2026, in their language.",
    "account.other_authorities": "Report to the Berlin police on 24 August 2026 (file number invented).",
}

RISK_REASONS = (
    "Passwords and health information in free text, copied by an attacker who looks for credentials; follow-on fraud was "
    "seen at others; people are identified by name and e-mail. Dissent: none."
)

CLINIC_FACTS = (
    ("organisation.roles", "covered_entity"),
    ("organisation.sectors", "none"),
    ("organisation.established_in", "US"),
    ("organisation.timezone", "America/Los_Angeles"),
    ("at.told_by_processor", "2026-08-25"),
    ("at.discovered", "2026-08-25"),
    ("at.occurred_until", "2026-08-17"),
    ("people", "US-NV 640 (9 unreachable)"),
    ("data.elements", "name, email, medical"),
)

RECORDS = "41300"
TOLD_HOW = "By letter and by e-mail to the address on file, on 4 September 2026, in their language."

DECIDED = {"judge-risk": "high"}

SKIPPED = {
    "question-vendor": "answered by the vendor's public report",
    "tell-others": "insurer told on 24 August, by telephone",
}

REVIEW = {
    "how_it_happened": (
        "Tokens of the chatbot's CRM integration were stolen at its vendor. They were broad, did not expire, and worked "
        "from anywhere; with them our support cases were exported in bulk."
    ),
    "how_detected": "We did not detect it. The vendor told us on 23 August, six days after the last export.",
    "what_could_have_prevented": (
        "Narrow scopes, short-lived tokens and fixed source addresses would have stopped the export; an alarm on bulk reads "
        "would have shown it within the hour."
    ),
    "contributing_factors": (
        "- The integration was reviewed for function, not for scopes.\n- Customers write passwords into cases, and we kept "
        "them.\n- Only the provider's logs show what an integration reads; nobody looked at them."
    ),
    "went_well": "Revoked within ninety minutes. The authority was told in phases, with fifteen hours to spare. One set of facts fed every document.",
    "went_badly": "Counting people took a day and a half, because free text had to be searched.",
    "lucky": "It was a Sunday: nobody missed the integration while we cut it.",
    "letters_returned": "Eleven of the letters came back as undeliverable; nobody asked what a token is.",
    "calls": "Forty-two calls in two weeks, most of them about passwords in old support cases.",
    "complaints": "One complaint to the authority; it asked for the list of fields and got it on the same day.",
}

ACTIONS = (
    ("Give every integration its own narrow scopes and an owner", "kofi", "2026-10-15", "prevent"),
    ("Alarm on bulk reads in the CRM provider's log", "kofi", "2026-09-30", "detect"),
    ("Remove passwords from support cases as they arrive", "ana", "2026-11-30", "mitigate"),
    ("Ask vendors the five questions before connecting anything", "leo", "2026-10-31", "process"),
)

CLOSING = "Recovered and watched for two weeks; every dated duty is filed; what follows is in the action items."


def clock_text(clock: Clock, now: datetime, met: str) -> str:
    """A clock in one line of the demo; `met` says how its duty was met, once it was."""
    obligation = clock.obligation
    whose = " for the clinic" if clock.on_behalf_of else ""
    at = obligation.earliest_at
    match obligation.state:
        case ObligationState.SATISFIED:
            return f"✔ {obligation.title}{whose}: {met}"
        case ObligationState.DUE | ObligationState.UNDECIDED if at is not None:
            sign = "?" if obligation.state is ObligationState.UNDECIDED else "▸"
            return f"{sign} {obligation.title}{whose}: {duration_text(at - now)} left"
        case ObligationState.UNDECIDED:
            return f"? {obligation.title}{whose}: undecided, no limit in the law"
        case ObligationState.NOT_STARTED:
            return f"◌ {obligation.title}{whose}: not started"
        case _:
            return f"— {obligation.title}{whose}: owed, no limit in the law"
