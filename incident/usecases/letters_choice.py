"""Which versions of which notices a run of letters takes: letters to people, the newest that counts of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from incident.domain.incident import Incident
from incident.domain.notice import NoticeForm
from incident.errors import RefusedError
from incident.usecases.desk import Desk
from incident.usecases.notices import Draft, notices
from incident.usecases.versions import VersionView, versions, void_by_change


def chosen_versions(
    desk: Desk, incident: Incident, numbers: Sequence[int], *, now: datetime, proof: bool = False
) -> tuple[UUID, ...]:
    """The newest approved version of each notice named by its number in the list; for a proof the newest of any kind."""
    if not numbers:
        return ()
    drafts = notices(desk, incident, now=now)
    found = []
    for number in numbers:
        if not 1 <= number <= len(drafts):
            raise RefusedError(f"There is no notice {number}.", "`incident notice list` numbers them.")
        found.append(_newest(desk, drafts[number - 1], proof=proof).version.id)
    return tuple(found)


def _newest(desk: Desk, drafted: Draft, *, proof: bool) -> VersionView:
    title = drafted.template.title
    made = [each for each in versions(desk, drafted.notice.id) if proof or each.is_approved]
    if not made:
        wanted = "frozen" if proof else "approved"
        raise RefusedError(
            f"«{title}» has no version that is {wanted}.", "`incident notice freeze`, then a second person approves."
        )
    if not proof and (void := void_by_change(drafted, made[-1], even_if_sent=True)):
        raise RefusedError(
            f"{void} These letters would say what was approved, not what it says now.", "Freeze and approve again."
        )
    return made[-1]


def letter_notices(desk: Desk, incident: Incident, *, now: datetime) -> tuple[tuple[int, str], ...]:
    """The incident's letters to people: number in the list, and title with language."""
    return tuple(
        (number, f"{each.template.title}, {each.notice.language}")
        for number, each in enumerate(notices(desk, incident, now=now), start=1)
        if each.template.form is NoticeForm.LETTER
    )
