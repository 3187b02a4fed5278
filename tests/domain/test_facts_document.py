"""Facts from a document: everything that is wrong is named with its mend, and nothing is guessed."""

from typing import Any

import pytest

from incident.errors import ContentError
from incident.usecases.assess import Law, load_law


@pytest.mark.parametrize(
    ("document", "names", "mend"),
    [
        ({"at": {"awre": "2026-03-02T09:00:00+01:00"}}, "at.awre", "at.aware"),
        ({"riks": {}}, "riks", "risk"),
        ({"at": {"aware": "2026-03-02T09:00:00"}}, "no time zone", "offset"),
        ({"at": {"aware": "yesterday"}}, "neither an instant nor a day", "2026-03-02"),
        ({"people": [{"in": "DE", "count": -1}]}, "people[0].count", "Leave it out"),
        ({"people": [{"in": "UK", "count": 1}]}, "'UK' is not a place", "GB"),
        ({"people": [{"in": "US-XX"}]}, "US-XX", "Did you mean"),
        ({"people": [{"in": "DE"}, {"in": "DE"}]}, "twice", "one row per place"),
        ({"people": [{"where": "DE"}]}, "where", "Did you mean"),
        ({"data": {"elements": ["snn"]}}, "'snn'", "ssn"),
        ({"organisation": {"roles": "controller"}}, "not a list", "capacity"),
        ({"organisation": {"timezone": "Berlin"}}, "IANA", "Did you mean"),
        ({"data": {"encrypted": "no"}}, "true or false", "Leave it out"),
        (
            {"filed": [{"obligation": "eu-gdpr/authorty", "at": "2026-03-02T09:00:00Z"}]},
            "eu-gdpr/authorty",
            "eu-gdpr/authority",
        ),
        ({"knowledge": [{"by": "boss", "at": "2026-03-02"}]}, "'boss'", "Did you mean"),
        ({"partial": ["people", "data.encrypted"]}, "data.encrypted", "Did you mean"),
        ({"account": {"what_happened": "…"}}, "account", "Did you mean"),
        ({"people": 5}, "not a list", "people"),
        ({"at": []}, "group of facts", "at = {"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(law: Law, document: dict[str, Any], names: str, mend: str) -> None:
    with pytest.raises(ContentError) as refused:
        law.facts(document, source="facts.json")
    assert "facts.json" in refused.value.message
    assert names in refused.value.message
    assert mend in refused.value.hint


def test_a_territory_is_written_as_a_part_of_the_united_states(law: Law) -> None:
    facts = law.facts({"people": [{"in": "PR", "count": 3}]}, source="test")
    assert facts.people is not None
    assert facts.people[0].place == "US-PR"


def test_a_filing_of_which_only_the_day_is_known_was_sent_by_its_end() -> None:
    """The last second of that day where days are counted: late by what is certain, and no more."""
    law = load_law()
    document = {
        "organisation": {"timezone": "Europe/Berlin"},
        "filed": [{"obligation": "eu-gdpr/authority@DE", "at": "2026-03-02"}],
    }
    (sent,) = law.facts(document, source="this test").filed("eu-gdpr/authority@DE")
    assert f"{sent.at:%Y-%m-%dT%H:%M:%S}" == "2026-03-02T22:59:59"
