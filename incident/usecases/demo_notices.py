"""The notices of the demo, in the words that its invented people write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from incident.usecases.demo_script import CLINIC


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One notice of the demo: what, to whom, in which words of its own, how it is sent."""

    template: str
    recipient: str
    address: str = ""
    language: str = "en"
    kind: str = "complete"
    whose: str = ""
    obligations: tuple[str, ...] = ()
    edits: Mapping[str, object] = field(default_factory=dict)
    channel: str = ""
    reference: str = ""
    follows: bool = False
    """The next version of the notice that was begun with this template in this language."""


BERLIN = "Berliner Beauftragte für Datenschutz und Informationsfreiheit"

US_MEASURES = (
    "- Every access grant of the chatbot was revoked on August 23, 2026, and a revoked token was seen to fail.\n"
    "- The provider's logs were requested and preserved.\n"
    "- Passwords, keys and tokens found in the copied messages were reset; their owners were told at once."
)
US_WHAT_HAPPENED = (
    "Somebody stole the access tokens that our support chatbot used to reach our customer database. Between August 12 and "
    "August 17, 2026, they used them to copy support cases: the messages that customers wrote to us, with names and e-mail "
    "addresses. Some messages contained passwords or information about health."
)
_STOPPED = (
    "- Every access grant of the chatbot was revoked on August 23, 2026, and a revoked token was seen to fail.\n"
    "- The provider's logs were preserved and are being examined."
)
CLINIC_WORDS: Mapping[str, object] = {
    "what_happened": (
        "Nordlicht runs the online help desk of Sierra Vista Clinic. Somebody stole the access tokens of a chatbot connected "
        "to it. Between August 12 and August 17, 2026, they used them to copy messages that patients wrote to the clinic "
        "through the help desk: names, e-mail addresses, and what patients wrote about their health."
    ),
    "measures_taken": _STOPPED + "\n- The clinic was told on August 25, 2026, and has asked us to write to you.",
    "measures_planned": (
        "The chatbot stays disconnected until it has narrow rights, short-lived tokens and an alarm on bulk reads."
    ),
    "advice": (
        "Distrust calls and messages that mention what you wrote to the clinic; neither the clinic nor Nordlicht asks for "
        "passwords or payment.\n"
        "Look through the statements of your health insurer for care that you did not receive.\n"
        "Tell the clinic of suspicious messages at the number below."
    ),
}
CLINIC_CONTACT: Mapping[str, object] = {
    "contact_phone": "1-800-555-0100",
    "contact_email": "privacy@sierravista.example",
    "website": "sierravista.example",
}


def _lines(text: object, number: int) -> str:
    return "\n".join(str(text).splitlines()[:number])


AUTHORITY_INITIAL = NoticeItem(
    "gdpr-authority",
    BERLIN,
    language="de",
    kind="initial",
    edits={
        "what_happened": (
            "Zugangstoken, mit denen unser Support-Chatbot auf unsere Kundendatenbank zugreift, wurden beim Anbieter "
            "gestohlen. Zwischen dem 12. und 17. August 2026 wurden damit Supportfälle kopiert: Nachrichten von Kundinnen "
            "und Kunden mit Namen und E-Mail-Adressen, vereinzelt mit Passwörtern oder Angaben zur Gesundheit."
        ),
        "how_discovered": "Der Anbieter des Chatbots hat uns am 23. August 2026 per E-Mail unterrichtet.",
        "other_party": "Anbieter des Support-Chatbots (erfunden)",
        "cause": "Diebstahl der Zugangstoken beim Anbieter der Integration.",
        "systems": "CRM (Supportfälle, Kontakte), über OAuth mit dem Chatbot verbunden.",
        "people_description": "Kundinnen und Kunden, die an den Support geschrieben haben.",
        "data_description": "Namen, E-Mail-Adressen und Text der Supportfälle, vereinzelt Passwörter und Gesundheitsangaben.",
        "likely_consequences": (
            "Betrugsnachrichten, die sich auf Supportfälle beziehen; Versuche mit mitgeteilten Passwörtern bei anderen "
            "Diensten; Offenbarung von Gesundheitsangaben."
        ),
        "measures_before": "Rollenbasierter Zugriff, Verschlüsselung, jährliche Prüfung der Integrationen.",
        "measures_taken": (
            "- Alle Berechtigungen der Integration am 23. August beim CRM-Anbieter widerrufen und den Widerruf geprüft.\n"
            "- Protokolle des Anbieters angefordert und gesichert.\n"
            "- Gefundene Passwörter und Schlüssel zurückgesetzt, Betroffene vorab gewarnt."
        ),
        "measures_planned": "Die Integration bleibt bis zu engen Rechten, kurzlebigen Token und einem Alarm abgeschaltet.",
        "told_how": "Brief und E-Mail ab Anfang September 2026.",
        "other_authorities": "Anzeige bei der Polizei Berlin am 24. August 2026 (erfunden).",
    },
    channel="the authority's online form",
    reference="EXAMPLE-2026-0815",
)

COVERED_ENTITY = NoticeItem(
    "hipaa-business-associate",
    CLINIC,
    "100 Example Avenue\nCarson City, NV 89701",
    kind="complete",
    edits={
        "identification": "List of 640 patients handed over encrypted on August 25, 2026; receipt signed.",
        "people": [{"in": "US-NV", "count": 640}],
        "elements": ["name", "email", "medical"],
        "what_happened": CLINIC_WORDS["what_happened"],
        "measures_taken": _lines(CLINIC_WORDS["measures_taken"], 2),
        "measures_planned": CLINIC_WORDS["measures_planned"],
        "advice": _lines(CLINIC_WORDS["advice"], 2),
    },
    channel="encrypted e-mail and telephone",
)

LETTERS = (
    NoticeItem(
        "gdpr-individuals",
        "Customers on the English mailing list",
        "One letter each, to the address on file",
        channel="post and e-mail",
    ),
    NoticeItem(
        "gdpr-individuals",
        "Kundinnen und Kunden der deutschen Versandliste",
        "Je ein Brief an die hinterlegte Anschrift",
        language="de",
        edits={
            "what_happened": AUTHORITY_INITIAL.edits["what_happened"],
            "likely_consequences": (
                "Jemand könnte den Inhalt Ihrer Nachrichten für glaubwürdige Betrugsversuche nutzen. Ein Passwort, das Sie "
                "uns geschrieben haben, könnte bei anderen Diensten ausprobiert werden. Was Sie uns über Ihre Gesundheit "
                "geschrieben haben, könnte anderen bekannt werden."
            ),
            "measures_taken": AUTHORITY_INITIAL.edits["measures_taken"],
            "advice": (
                "Ändern Sie jedes Passwort, das Sie je an unseren Support geschickt haben, überall, wo Sie es nutzen.\n"
                "Misstrauen Sie Nachrichten, die Ihren Supportfall zitieren; wir fragen nie nach einem Passwort.\n"
                "Schalten Sie die Anmeldung in zwei Schritten ein, wo ein Dienst sie anbietet."
            ),
            "dpo_name": "Mira Lindqvist (erfunden)",
        },
        obligations=("eu-gdpr/individuals",),
        channel="post and e-mail",
    ),
    NoticeItem(
        "gdpr-individuals",
        "Clientes et clients de la liste d'envoi française",
        "Une lettre à chacun, à l'adresse enregistrée",
        language="fr",
        edits={
            "what_happened": (
                "Les jetons d'accès utilisés par notre robot d'assistance pour consulter notre base clients ont été volés "
                "chez son fournisseur. Entre le 12 et le 17 août 2026, des messages adressés à notre assistance ont été "
                "copiés, avec noms et adresses électroniques, parfois des mots de passe ou des informations de santé."
            ),
            "likely_consequences": (
                "Le contenu de vos messages peut servir à des fraudes convaincantes. Un mot de passe que vous nous avez "
                "écrit peut être essayé ailleurs. Ce que vous nous avez écrit sur votre santé peut être connu d'autres personnes."
            ),
            "measures_taken": (
                "- Tous les accès de l'intégration ont été révoqués le 23 août 2026 et leur révocation a été vérifiée.\n"
                "- Les journaux du fournisseur ont été demandés et conservés.\n"
                "- Les mots de passe et clés trouvés ont été réinitialisés."
            ),
            "advice": (
                "Changez tout mot de passe que vous avez envoyé à notre assistance.\n"
                "Méfiez-vous des messages qui citent votre dossier ; nous ne demandons jamais de mot de passe.\n"
                "Activez la connexion en deux étapes lorsque c'est possible."
            ),
            "dpo_name": "Mira Lindqvist (personne fictive)",
        },
        obligations=("eu-gdpr/individuals",),
        channel="post and e-mail",
    ),
    NoticeItem(
        "us-ca-individuals",
        "Customers in California",
        "One letter each, to the address on file",
        edits={
            "delayed": "no",
            "bureaus": "omit",
            "what_happened": US_WHAT_HAPPENED,
            "measures_taken": US_MEASURES,
        },
        channel="first-class mail",
    ),
    NoticeItem(
        "hipaa-individuals",
        "Patients on the clinic's list",
        "One letter each, to the last known address",
        whose=CLINIC,
        edits={**CLINIC_WORDS, **CLINIC_CONTACT},
        channel="first-class mail",
    ),
    NoticeItem(
        "hipaa-individuals",
        "Nine patients without a valid postal address",
        "By e-mail or, where there is none, read out by telephone",
        whose=CLINIC,
        obligations=("us-hipaa/substitute-notice",),
        edits={**CLINIC_WORDS, **CLINIC_CONTACT},
        channel="e-mail and telephone",
    ),
    NoticeItem(
        "hipaa-media",
        "Newsrooms serving Nevada",
        whose=CLINIC,
        edits={
            **CLINIC_WORDS,
            "measures_taken": f"{_STOPPED}\n- The people affected are told by letter, e-mail or telephone.",
            "contact_phone": "1-800-555-0100",
            "contact_email": "privacy@sierravista.example",
        },
        channel="press release",
    ),
)

LAST_NOTICES = (
    NoticeItem(
        "hhs-portal",
        "HHS Office for Civil Rights, breach portal",
        whose=CLINIC,
        edits={
            "report_type": "initial",
            "filer": "associate",
            "entity_address": "100 Example Avenue, Carson City, NV 89701",
            "entity_type": "provider",
            "entity_contact": "Privacy officer (invented), privacy@sierravista.example, 1-800-555-0100",
            "size": "many",
            "breach_type": ["hacking"],
            "location": ["other", "server"],
            "phi": ["clinical", "demographic"],
            "safeguards": ["privacy", "administrative", "technical"],
            "notice_start": "2026-09-04",
            "notice_end": "2026-09-11",
            "substitute": "few",
            "media": "yes",
            "media_states": "Nevada",
            "description": CLINIC_WORDS["what_happened"],
            "actions_other": f"{_STOPPED}\n- The clinic was told on August 25, 2026.",
            "attestation": "Privacy officer of Sierra Vista Clinic (invented), September 9, 2026",
            "actions": ["passwords", "technical", "risk_analysis", "mitigation"],
        },
        channel="HHS portal",
        reference="EXAMPLE-HHS-1",
    ),
    NoticeItem(
        "us-ca-attorney-general",
        "Attorney General of California",
        edits={"delayed": "no", "sample": "attached", "what_happened": US_WHAT_HAPPENED},
        channel="online form with the sample attached",
        reference="EXAMPLE-CA-1",
    ),
    NoticeItem("gdpr-register", "our own register", kind="complete", channel="entry"),
    NoticeItem(
        "gdpr-authority",
        BERLIN,
        language="de",
        kind="complete",
        follows=True,
        edits={
            "told_how": "Am 4. September 2026 durch Brief und E-Mail, in der Sprache der Betroffenen.",
            "measures_planned": (
                "Die Integration bleibt abgeschaltet, bis sie enge Rechte, kurzlebige Token, feste Absenderadressen und einen "
                "Alarm bei Massenabfragen hat. Passwörter werden aus eingehenden Fällen entfernt."
            ),
        },
        channel="the authority's online form",
        reference="EXAMPLE-2026-0815",
    ),
)
