"""Which content element of which provision each notice covers, and by which of its fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incident.domain.notice import NoticeTemplate
from incident.domain.regime import Duty, Element, LawStatus, Regime
from incident.usecases.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class CoveredElement:
    """One element of a duty, and the fields of a notice that say it; none: a gap."""

    element: str
    text: str
    citation: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoveredDuty:
    """A duty as one notice meets it; `template` is empty where no notice does."""

    duty: str
    title: str
    citation: str
    template: str
    elements: tuple[CoveredElement, ...]
    """Empty where the law as loaded lists no elements."""

    @property
    def gaps(self) -> tuple[str, ...]:
        """The elements that no field says."""
        return tuple(each.element for each in self.elements if not each.fields)


def coverage() -> tuple[CoveredDuty, ...]:
    """Every duty that a notice meets, and every duty with content of its own that none meets; in the order of the law."""
    loaded = catalogue()
    templates = [loaded.templates[slug] for slug in sorted(loaded.templates)]
    return tuple(each for regime in loaded.law.regimes for each in _of_regime(regime, templates))


def _of_regime(regime: Regime, templates: Sequence[NoticeTemplate]) -> Iterable[CoveredDuty]:
    for duties in regime.versions.values():
        in_force = [each for each in duties if each.status is LawStatus.IN_FORCE] or [*duties]
        elements = {element.id: element for each in in_force for element in each.content}
        duty = next((each for each in in_force if each.variant_when is None), in_force[0])
        meeting = [each for each in templates if duty.id in each.duties]
        yield from (_covered(duty, elements.values(), each) for each in meeting)
        if elements and not meeting:
            yield _covered(duty, elements.values(), None)


def _covered(duty: Duty, elements: Iterable[Element], template: NoticeTemplate | None) -> CoveredDuty:
    fields = template.fields if template is not None else ()
    found = tuple(
        CoveredElement(each.id, each.text, each.citation, tuple(field.label for field in fields if each.id in field.covers))
        for each in elements
    )
    return CoveredDuty(duty.id, duty.title, duty.citation, template.slug if template is not None else "", found)


def coverage_page(covered: Sequence[CoveredDuty]) -> str:
    """The table as a page of Markdown, made from templates and regimes alone."""
    met = [each for each in covered if each.template]
    none = [each for each in covered if not each.template]
    bare = [each for each in met if not each.elements]
    lines = [
        "# What the notices cover",
        "",
        "Made by `incident notice coverage` from the notice templates and the bodies of law; a test keeps it current. Each row",
        "is something that a provision wants said, with the fields of the notice that say it. An element that no field says",
        "is a **gap**. Where the law as loaded lists no elements, the notice serves the duty as a general sheet does. The law",
        "may want more than is listed here.",
        "",
        f"{len({each.template for each in met})} notices, {len({each.duty for each in met})} duties, "
        f"{sum(len(each.elements) for each in met)} elements covered, {sum(len(each.gaps) for each in met)} gaps.",
        "",
        *[line for each in met if each.elements for line in _section(each)],
        "## Duties served by a general sheet: the law as loaded lists no elements",
        "",
        *_by_template(bare),
        "",
        "## Duties with elements and no notice yet",
        "",
        *(
            [f"- {each.title} ({_cell(each.citation)}): {_cell('; '.join(e.text for e in each.elements))}" for each in none]
            or ["None."]
        ),
    ]
    return "\n".join(lines) + "\n"


def _section(each: CoveredDuty) -> Iterable[str]:
    yield f"## {each.title}: `{each.template}`"
    yield ""
    yield f"{each.citation} (`{each.duty}`)"
    yield ""
    yield "| what must be said | provision | said by |"
    yield "| --- | --- | --- |"
    for element in each.elements:
        said = "; ".join(_cell(label) for label in element.fields) or "**gap**"
        yield f"| {_cell(element.text)} | {_cell(element.citation)} | {said} |"
    yield ""


def _by_template(bare: Sequence[CoveredDuty]) -> Iterable[str]:
    slugs = sorted({each.template for each in bare})
    for slug in slugs:
        yield f"- `{slug}`: {', '.join(f'`{each.duty}`' for each in bare if each.template == slug)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
