"""A letter as an e-mail draft (`.eml`): opened by a mail program, looked at, sent by a person. This program sends nothing."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from incident.documents.plain import inert

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Mail:
    """What stands in a draft."""

    subject: str
    sender_name: str
    sender: str
    recipient: str
    """Blank where no address is known: the draft then has nobody to go to."""
    text: str
    made_at: datetime
    stamp: str
    attachment: bytes = b""
    """A PDF, if one goes along."""
    attachment_name: str = ""


def eml(mail: Mail) -> bytes:
    """The draft; the same mail gives the same bytes. A line break in a header is no second header."""
    message = EmailMessage(policy=SMTP.clone(cte_type="8bit", max_line_length=78))
    message["Subject"] = _line(mail.subject)
    if sender := _address(mail.sender_name, mail.sender):
        message["From"] = sender
    if to := _address("", mail.recipient):
        message["To"] = to
    message["Date"] = mail.made_at
    message["X-Unsent"] = "1"
    message["X-Incident-Profile"] = _line(mail.stamp)
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    if mail.attachment:
        message.add_attachment(mail.attachment, maintype="application", subtype="pdf", filename=_line(mail.attachment_name))
        message.set_boundary("incident-" + sha256(mail.attachment).hexdigest()[:32])
    return message.as_bytes()


def _line(text: str) -> str:
    return " ".join(inert(text).split())[:900]


def _address(name: str, address: str) -> Address | None:
    found = _ADDRESS.fullmatch(address.strip())
    return Address(display_name=_line(name), addr_spec=found.group(0)) if found else None
