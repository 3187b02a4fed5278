"""The published playbooks, sound and defective: each loads, or is refused for its own reason, or is repaired in words."""

from pathlib import Path

import pytest

from incident.content.playbook_document import playbook_from_document
from incident.interchange.cacao_check import checked_file
from incident.interchange.cacao_import import playbook_document
from tests.interchange.playbooks import REFERENCE

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the published playbooks do not lie beside the checkout")
CACAO = REFERENCE / "cacao" / "playbooks"
SOUND = {
    "oasis-tcs/basic-example-1": ("bad-mac-address", 1),
    "oasis-tcs/spec-3.1-example": ("find-malware-fuzzypanda", 1),
    "soarca-examples/http-playbook": ("example-http", 1),
    "soarca-examples/manual-playbook": ("example-manual", 1),
    "soarca-examples/openc2-playbook": ("example-ssh", 1),
    "soarca-examples/powershell-playbook": ("soarca-powershell-playbook", 1),
    "soarca-examples/ssh-playbook": ("example-ssh", 2),
}
DEFECTIVE = {
    "oasis-tcs/locky-bart-mbc-examples": ("target «security-category--acc1cff5",),
    "oasis-tcs/layout-playbook--aa1898b6": ("no «commands»", "no «agent»", "no «switch»"),
    "soarca-examples/fin-playbook": ("«soarca-fin-pong-f896bb3b-bb37-429e-8ece-2d4286cf326d» is not an id",),
    "soarca-tests/playbook": ("no start step", "is of type action, no start"),
    "soarca-tests/invalid_email_playbook": ("is more than an address", "no start step"),
    "soarca-tests/parallels_playbook": ("no start step", "is of type parallel, no start", "on failure and not on success"),
    "soarca-tests/missing_step_playbook": ("which is not in the workflow", "cannot be reached", "no start step"),
    "soarca-tests/infinite_playbook": ("names itself as the next", "no end step", "no start step"),
    "soarca-tests/invalid_playbook": ("«invalid» does not agree with the key",),
    "soarca-tests/changed-playbook": ("a list is not an object",),
}
REPAIRED = {
    **{name: CACAO / f"{name}.json" for name in DEFECTIVE},
    **{path.stem: path for path in sorted((REFERENCE / "cosai").glob("*.json"))},
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_playbook_loads(name: str) -> None:
    found = checked_file(CACAO / f"{name}.json", lenient=False)
    assert not found.faults
    playbook = playbook_from_document(playbook_document(found.document)[0])
    assert (playbook.slug, len(playbook.steps)) == SOUND[name]


@pytest.mark.parametrize("name", DEFECTIVE)
def test_a_defective_playbook_is_refused_for_its_own_reason(name: str) -> None:
    faults = checked_file(CACAO / f"{name}.json", lenient=False).faults
    for reason in DEFECTIVE[name]:
        assert any(reason in each.message for each in faults), (reason, [each.message for each in faults])
    assert all(each.place.startswith("/") and each.mend for each in faults)


def test_an_identity_is_no_playbook_and_cannot_be_made_one() -> None:
    for lenient in (False, True):
        (fault,) = checked_file(CACAO / "oasis-tcs" / "identity-object.json", lenient=lenient).faults
        assert "«identity», no playbook" in fault.message


@pytest.mark.parametrize("path", REPAIRED.values(), ids=REPAIRED)
def test_lenient_repairs_and_says_so(path: Path) -> None:
    found = checked_file(path, lenient=True)
    assert not found.faults, found.faults
    assert found.repairs
    assert all(each.text.endswith(".") for each in found.repairs)
    assert playbook_from_document(playbook_document(found.document)[0]).steps


@pytest.mark.parametrize("name", SOUND)
def test_lenient_changes_nothing_of_what_is_sound(name: str) -> None:
    strict, lenient = (checked_file(CACAO / f"{name}.json", lenient=each) for each in (False, True))
    assert lenient.document["workflow"] == strict.document["workflow"]
    assert playbook_document(lenient.document)[0] == playbook_document(strict.document)[0]
