"""Whether a file is a CACAO v2.0 playbook that can be followed: its shape, then its graph; repaired first if wanted."""

from dataclasses import dataclass
from pathlib import Path

from incident.domain.problem import Problem
from incident.interchange.cacao_file import read_cacao
from incident.interchange.cacao_graph import can_be_walked, check_graph
from incident.interchange.cacao_repair import repaired
from incident.interchange.cacao_shape import check_kind, check_shape, check_size
from incident.interchange.cacao_words import Faults, Json, Remark


@dataclass(frozen=True, slots=True)
class Checked:
    """A playbook as read, what was repaired, what is wrong with it still, and what is worth knowing."""

    document: Json
    repairs: tuple[Remark, ...]
    faults: tuple[Problem, ...]
    notices: tuple[Remark, ...] = ()


def checked_file(path: Path, *, lenient: bool) -> Checked:
    """Read and check a file; raises ContentError when it is no JSON that could be a playbook. Runs nothing."""
    return checked(read_cacao(path), path.name, lenient=lenient)


def checked(document: Json, file: str, *, lenient: bool) -> Checked:
    """Check a playbook that was read from `file`; `lenient` repairs it first."""
    faults = Faults(file)
    kind = Faults(file)
    check_kind(document, kind)
    if kind and (not lenient or kind[0].place == "/type"):
        return Checked(document, (), tuple(kind))
    repairs: tuple[Remark, ...] = ()
    if lenient:
        document, repairs = repaired(document)
    check_size(document["workflow"] if isinstance(document.get("workflow"), dict | list) else (), faults)
    if not faults:
        check_shape(document, faults)
        if can_be_walked(document):
            check_graph(document, faults)
    return Checked(document, repairs, tuple(faults), tuple(faults.notices))
