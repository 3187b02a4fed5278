"""Triggers that hold a frozen version as it was frozen, and a signed one and its signature for good.

Sealing a row anew under a newer incident key stays possible: it changes no column that is named here, and what stands in
the sealed value is held by the content's hash, which the signature is over. A purge takes the signatures before the versions.
"""

from typing import Any

_TRIGGERS = {
    "notice_version_stays": (
        "BEFORE UPDATE OF notice_id, number, kind, content_hash, made_by, made_at, journal_seq, journal_hash ON notice_version",
        "a frozen version does not change",
    ),
    "notice_version_signed": (
        "BEFORE DELETE ON notice_version WHEN EXISTS (SELECT 1 FROM approval WHERE approval.version_id = OLD.id)",
        "a version that somebody signed or refused is kept",
    ),
    "approval_stays": (
        'BEFORE UPDATE OF version_id, "by", approved, at, content_hash, signature, public_key ON approval',
        "a signature does not change",
    ),
}


def create_fixed_versions(connection: Any) -> None:
    """Create the triggers anew; the schema's fingerprint covers them, so that taking one away is noticed."""
    for name, (when, said) in _TRIGGERS.items():
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{said}'); END")
