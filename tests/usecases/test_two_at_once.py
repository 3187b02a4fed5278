"""Two people write in the same place: no text is lost unseen, and both are shown."""

import pytest

from incident.errors import ConflictError
from incident.usecases.desk import Desk
from incident.usecases.notices import NewNotice, begin, draft, edit_field
from incident.usecases.review import answer_review, review_view
from tests.conftest import NOW, an_incident


def test_an_edit_of_a_notice_does_not_overwrite_what_its_writer_has_not_seen(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    notice = begin(ana, incident, NewNotice("gdpr-authority"), now=NOW).notice
    edit_field(leo, notice.id, "what_happened", "Leo's text", now=NOW, seen=(None,))
    with pytest.raises(ConflictError, match="Leo's text") as conflict:
        edit_field(ana, notice.id, "what_happened", "Ana's text", now=NOW, seen=(None,))
    assert draft(ana, notice.id, now=NOW).notice.fields["what_happened"].value == "Leo's text"
    edit_field(ana, notice.id, "what_happened", "both texts", now=NOW, seen=(conflict.value.standing,))
    assert draft(leo, notice.id, now=NOW).notice.fields["what_happened"].value == "both texts"


def test_answers_of_the_review_meet_only_where_both_wrote(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    answer_review(leo, incident, {"how_detected": "by the vendor"}, now=NOW, seen={})
    answer_review(ana, incident, {"how_it_happened": "a stolen token"}, now=NOW, seen={})
    with pytest.raises(ConflictError, match="by the vendor"):
        answer_review(ana, incident, {"how_detected": "by us"}, now=NOW, seen={})
    review = review_view(ana, incident, now=NOW).review
    assert review is not None
    assert review.answers == {"how_detected": "by the vendor", "how_it_happened": "a stolen token"}
