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


AUTHORITY_INITIAL = NoticeItem(
    "gdpr-authority",
    "Supervisory authority for data protection, Berlin",
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
        "records": None,
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
        "identification": "List of 640 patients handed over encrypted on 25 August 2026; receipt signed.",
        "people": [{"in": "US-NV", "count": 640}],
        "elements": ["name", "medical"],
    },
    channel="encrypted e-mail and telephone",
)

LETTERS = (
    NoticeItem("gdpr-individuals", "To the customer", "Address from the mailing list", channel="post and e-mail"),
    NoticeItem(
        "gdpr-individuals",
        "An die Kundin, an den Kunden",
        "Anschrift aus der Versandliste",
        language="de",
        edits={
            "what_happened": AUTHORITY_INITIAL.edits["what_happened"],
            "likely_consequences": (
                "Jemand könnte den Inhalt Ihrer Nachrichten für glaubwürdige Betrugsversuche nutzen. Ein Passwort, das Sie "
                "uns geschrieben haben, könnte bei anderen Diensten ausprobiert werden."
            ),
            "measures_taken": AUTHORITY_INITIAL.edits["measures_taken"],
            "advice": (
                "Ändern Sie jedes Passwort, das Sie je an unseren Support geschickt haben, überall, wo Sie es nutzen.\n"
                "Misstrauen Sie Nachrichten, die Ihren Supportfall zitieren; wir fragen nie nach einem Passwort.\n"
                "Schalten Sie die Anmeldung in zwei Schritten ein, wo ein Dienst sie anbietet."
            ),
            "dpo_name": "Datenschutzbeauftragter der Nordlicht Werkzeuge GmbH (erfunden)",
        },
        obligations=("eu-gdpr/individuals",),
        channel="post and e-mail",
    ),
    NoticeItem(
        "gdpr-individuals",
        "À la cliente, au client",
        "Adresse de la liste d'envoi",
        language="fr",
        edits={
            "what_happened": (
                "Les jetons d'accès utilisés par notre robot d'assistance pour consulter notre base clients ont été volés "
                "chez son fournisseur. Entre le 12 et le 17 août 2026, des messages adressés à notre assistance ont été "
                "copiés, avec noms et adresses électroniques, parfois des mots de passe."
            ),
            "likely_consequences": (
                "Le contenu de vos messages peut servir à des fraudes convaincantes. Un mot de passe que vous nous avez "
                "écrit peut être essayé ailleurs."
            ),
            "measures_taken": (
                "- Tous les accès de l'intégration ont été révoqués le 23 août.\n"
                "- Les mots de passe et clés trouvés ont été réinitialisés."
            ),
            "advice": (
                "Changez tout mot de passe que vous avez envoyé à notre assistance.\n"
                "Méfiez-vous des messages qui citent votre dossier ; nous ne demandons jamais de mot de passe.\n"
                "Activez la connexion en deux étapes lorsque c'est possible."
            ),
            "dpo_name": "Délégué à la protection des données de Nordlicht (inventé)",
        },
        obligations=("eu-gdpr/individuals",),
        channel="post and e-mail",
    ),
    NoticeItem(
        "us-ca-individuals",
        "To the customer",
        "Address from the mailing list",
        edits={"delayed": "no", "bureaus": "omit"},
        channel="first-class mail",
    ),
    NoticeItem(
        "hipaa-individuals",
        "To the patient",
        "Address from the clinic's list",
        whose=CLINIC,
        edits={"contact_phone": "1-800-555-0100", "website": "sierravista.example"},
        channel="first-class mail",
    ),
    NoticeItem(
        "hipaa-media",
        "Newsrooms serving Nevada",
        whose=CLINIC,
        edits={"contact_phone": "1-800-555-0100"},
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
            "actions": ["passwords", "technical", "risk_analysis", "mitigation"],
        },
        channel="HHS portal",
        reference="EXAMPLE-HHS-1",
    ),
    NoticeItem(
        "us-ca-attorney-general",
        "Attorney General of California",
        edits={"delayed": "no", "sample": "attached"},
        channel="online form with the sample attached",
        reference="EXAMPLE-CA-1",
    ),
    NoticeItem("gdpr-register", "Own record", kind="complete", channel="register"),
    NoticeItem(
        "gdpr-authority",
        "Supervisory authority for data protection, Berlin",
        language="en",
        kind="complete",
        obligations=("eu-gdpr/authority@DE",),
        channel="the authority's online form",
        reference="EXAMPLE-2026-0815",
    ),
)
