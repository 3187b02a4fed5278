"""The letter of the press's benchmark: the shipped California notice in the words of the demo, dressed as approved."""

from datetime import UTC, datetime
from functools import lru_cache

from incident.documents.letterpress.compilation import LetterText
from incident.documents.page import Dress, Mark, dress, render_page
from incident.documents.render import Frame, Letterhead
from incident.domain.notice import NoticeKind
from incident.usecases.catalogue import catalogue
from incident.usecases.demo_notices import US_MEASURES, US_WHAT_HAPPENED

MADE_AT = datetime(2026, 3, 2, 13, 10, tzinfo=UTC)
ADVICE = (
    "Change every password that you ever sent to our support, everywhere you use it.\n"
    "Distrust calls and messages that quote your support case; we never ask for a password.\n"
    "Look through the statements of your accounts and of your health insurer for what you do not know.\n"
    "Ask the credit bureaus for a fraud alert or a security freeze.\n"
    "Keep this letter: it names the number under which we answer."
)
FIELDS = {
    "reporter": "Nordlicht GmbH (invented)",
    "began": "2026-08-12",
    "ended": "2026-08-17",
    "what_happened": US_WHAT_HAPPENED,
    "elements": ["name", "email"],
    "measures_taken": US_MEASURES,
    "services": "Identity theft prevention is free of charge for you for twelve months. Enroll with your code below.",
    "advice": ADVICE,
    "delayed": "no",
    "bureaus": "include",
    "contact_phone": "1-800-555-0100",
    "contact_email": "desk@nordlicht.example",
    "website": "nordlicht.example",
}


@lru_cache(maxsize=1)
def texts() -> dict[str, LetterText]:
    """The approved letter by language."""
    template = catalogue().templates["us-ca-individuals"]
    frame = Frame(
        organisation=Letterhead("Nordlicht GmbH (invented)", ("Beispielstraße 12", "10115 Berlin"), "desk@nordlicht.example"),
        reference="INC-2026-0001",
        code_name="Copper Heron",
        on_behalf_of="",
        recipient_name="Customers in California",
        recipient_address="One letter each, to the address on file",
        kind=NoticeKind.COMPLETE,
        version_number=1,
        made_at=MADE_AT,
        zone="America/Los_Angeles",
        language="en",
    )
    page = render_page(template, FIELDS, frame)
    html = dress(page, Dress(Mark.APPROVED, "INC-2026-0001", 1, "ab" * 32, 7, "cd" * 32))
    return {"en": LetterText(html, template.title_in("en"), "en")}
