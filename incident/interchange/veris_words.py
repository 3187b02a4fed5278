"""The words of VERIS 1.4.1 that our playbooks, data elements and sectors stand for. Where nothing fits: `Unknown`.

VERIS (the Vocabulary for Event Recording and Incident Sharing) is the format of veriscommunity.net; the names below are its
terms. The table of playbooks says what the choice of a playbook means and no more: a vector nobody recorded is unknown.
"""

from collections.abc import Mapping
from types import MappingProxyType

Json = dict[str, object]

VERSION = "1.4.1"
UNKNOWN = "Unknown"

ACTIONS: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "ransomware": {"malware": {"variety": ("Ransomware",), "vector": (UNKNOWN,)}},
        "phishing-account-takeover": {
            "social": {"variety": ("Phishing",), "vector": (UNKNOWN,), "target": (UNKNOWN,)},
            "hacking": {"variety": ("Use of stolen creds",), "vector": (UNKNOWN,)},
        },
        "business-email-compromise": {"social": {"variety": ("Pretexting",), "vector": ("Email",), "target": (UNKNOWN,)}},
        "credential-stuffing": {"hacking": {"variety": ("Use of stolen creds",), "vector": ("Web application",)}},
        "web-application-compromise": {"hacking": {"variety": (UNKNOWN,), "vector": ("Web application",)}},
        "integration-token-compromise": {"hacking": {"variety": ("Use of stolen creds",), "vector": ("Partner",)}},
        "vendor-breach": {"hacking": {"variety": (UNKNOWN,), "vector": ("Partner",)}},
        "chatbot-prompt-injection": {"hacking": {"variety": ("Prompt injection",), "vector": ("Web application",)}},
        "misdirected-email": {"error": {"variety": ("Misdelivery",), "vector": (UNKNOWN,)}},
        "cloud-storage-exposure": {"error": {"variety": ("Misconfiguration",), "vector": (UNKNOWN,)}},
        "ai-data-leakage": {"error": {"variety": (UNKNOWN,), "vector": (UNKNOWN,)}},
        "insider-misuse": {"misuse": {"variety": (UNKNOWN,), "vector": (UNKNOWN,)}},
    }
)
"""Playbook → actions."""

ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "phishing-account-takeover": "S - Mail",
        "business-email-compromise": "S - Mail",
        "misdirected-email": "S - Mail",
        "web-application-compromise": "S - Web application",
        "credential-stuffing": "S - Web application",
        "chatbot-prompt-injection": "S - Web application",
    }
)
"""Playbook → the system it is about."""

INSIDE = frozenset({"insider-misuse", "misdirected-email", "cloud-storage-exposure", "ai-data-leakage"})
"""Playbooks whose actor works for us, unless an attack from outside was recorded."""
PARTNER = frozenset({"vendor-breach", "integration-token-compromise"})
CLOUD = frozenset({"cloud-storage-exposure", "vendor-breach", "integration-token-compromise"})

DATA: Mapping[str, str] = MappingProxyType(
    {
        "financial_account": "Bank", "financial_account_with_code": "Bank", "other_financial_access_number": "Bank",
        "account_access_code": "Credentials", "online_credentials": "Credentials", "shared_secret": "Secrets",
        "payment_card": "Payment", "digital_signature": "Digital certificate",
        "medical": "Medical", "medical_id": "Medical", "health_insurance": "Medical", "health_care_payment": "Medical",
        "sud_records": "Medical", "biometric": "Sensitive Personal", "genetic": "Sensitive Personal",
        "ssn": "Sensitive Personal", "passport": "Sensitive Personal", "drivers_license": "Sensitive Personal",
        "state_id": "Sensitive Personal", "tax_id": "Sensitive Personal", "military_id": "Sensitive Personal",
        "other_government_id": "Sensitive Personal", "tax_information": "Sensitive Personal",
    }
)  # fmt: skip
"""Data element → variety; every other element is `Personal`."""

INDUSTRY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("credit_institution", "bank", "credit_union", "financial_entity", "insurer", "investment_firm",
             "nonbank_financial_institution", "nydfs_covered_entity", "regsp_covered_institution", "payment_service_provider",
             "ccp", "trading_venue", "fha_mortgagee", "ginnie_issuer", "gse_servicer", "sci_entity"), "52"),
        **dict.fromkeys(("telecom", "carrier", "network_operator"), "517"),
        **dict.fromkeys(("health_facility_licensee",), "62"),
        **dict.fromkeys(("retail",), "44"),
        **dict.fromkeys(("bulk_electric_system", "electric_utility", "nuclear_licensee"), "221"),
        **dict.fromkeys(("government_agency", "federal_agency", "eu_institution", "law_enforcement_authority",
                         "criminal_justice_agency", "intelligence_service"), "92"),
        **dict.fromkeys(("title_iv_institution",), "611"),
        **dict.fromkeys(("maritime_operator",), "483"),
    }
)  # fmt: skip
"""Sector → NAICS code; `000` where none fits."""
HEALTH_ROLES = frozenset({"covered_entity", "part2_program"})
NO_INDUSTRY = "000"
GOVERNMENT: Mapping[str, str] = MappingProxyType(
    {"federal_agency": "Federal", "government_agency": "Regional", "intelligence_service": "Federal"}
)
