"""A playbook for the paper binder: boxes to tick, lines to write on, the team's numbers by hand; HTML for one PDF."""

from pathlib import Path

from markupsafe import Markup

from incident.documents.glyphs import settable, with_note
from incident.documents.markdown import prose
from incident.domain.playbook import Phase, Playbook, Step
from incident.domain.playbook_page import Question, flowing, step_notes, whose_words
from incident.domain.responder import Role

_NO_GLYPH = "▯ stands for a character that this document’s fonts do not have:"
_STYLE = """
html { font-size: 9.5pt; line-height: 1.4 } p { margin-bottom: 1.6mm }
.step { break-inside: avoid; border-top: .4pt solid #c3c7cd; padding: 2.5mm 0 1mm 8mm; position: relative }
.step h3 { margin: 0 0 .6mm } .step > .tick { position: absolute; left: 0; top: 3.2mm; width: 4.6mm; height: 4.6mm }
.whose { font-size: 8.5pt; color: #3d4148; margin-bottom: 1.2mm }
.notes { font-size: 8.7pt; margin: 1mm 0 1.5mm } .notes p { margin: 0 0 .6mm }
.by { font-size: 8.5pt; color: #3d4148; margin: 1.5mm 0 2mm }
.line { display: inline-block; border-bottom: .5pt solid #1a1c20; width: 33mm; margin: 0 3mm 0 1.5mm; height: 4mm }
.tick { display: inline-block; border: .7pt solid #1a1c20 }
.checks { list-style: none; padding: 0 } .checks li { padding-left: 8mm; position: relative; margin-bottom: 2mm }
.checks .tick { position: absolute; left: 0; top: .9mm; width: 4mm; height: 4mm }
.objective { font-style: italic; break-after: avoid }
.team th { font-weight: bold; width: auto } .team th, .team td { border: .4pt solid #8a8f98; height: 8mm; font-size: 9pt }
.team td:first-child { width: 38mm } .use { border: .8pt solid #1a1c20; padding: 2.5mm 4mm 1mm; margin: 0 0 5mm }
h2.phase { break-before: auto; margin-top: 9mm }
"""
_PAGE = """
@page {{ size: A4; margin: 18mm 18mm 22mm 25mm;
 @bottom-left {{ content: '{footer}'; font: 7.5pt Body; color: #5a5f68 }}
 @bottom-right {{ content: 'Page ' counter(page) ' of ' counter(pages); font: 7.5pt Body; color: #5a5f68 }} }}
"""


def playbook_sheet(playbook: Playbook, style: Path, question: Question, *, printed: str) -> str:
    """The HTML of the sheet; `printed` says when it was made, because paper ages."""
    footer = f"{playbook.title} · version {playbook.version} · printed {printed} · decision support, not legal advice"
    steps = {phase.slug: [each for each in playbook.steps if each.phase == phase.slug] for phase in playbook.phases}
    parts = [
        _head(playbook, printed),
        _use(playbook),
        _list("First checks", playbook.first_checks),
        _team(),
        *(_phase(playbook, phase, steps[phase.slug], question) for phase in playbook.phases if steps[phase.slug]),
        _pivots(playbook),
        _list("Closed when", playbook.closed_when),
    ]
    css = Markup(style.read_text(encoding="utf-8") + _STYLE)  # noqa: S704 - our own stylesheet
    page = Markup(_PAGE).format(footer=footer.replace("'", "’").replace("\\", ""))  # noqa: S704 - our own words
    html = str(
        Markup(
            "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
            "<style>{css}{page}</style></head><body>{body}</body></html>"
        ).format(title=playbook.title, css=css, page=page, body=Markup("").join(parts))
    )
    return with_note(*settable(html), _NO_GLYPH)


def _head(playbook: Playbook, printed: str) -> Markup:
    return Markup(
        "<div class='head'><div class='name'>Playbook</div><div class='lines'>{slug}, version {version}<br>printed {printed}"
        "</div></div><h1>{title}</h1><p>{summary}</p>"
    ).format(slug=playbook.slug, version=playbook.version, printed=printed, title=playbook.title, summary=playbook.summary)


def _use(playbook: Playbook) -> Markup:
    return Markup(
        "<div class='use'><p><strong>Use it when</strong> {use}</p><p><strong>Not when</strong> {not_}</p></div>"
    ).format(use=playbook.use_when, not_=playbook.not_when)


def _list(heading: str, items: tuple[str, ...]) -> Markup:
    """Sentences with a box to tick before each; nothing for none."""
    if not items:
        return Markup("")
    lines = Markup("").join(Markup("<li><span class='tick'></span>{}</li>").format(each) for each in items)
    return Markup("<h2>{}</h2><ul class='checks'>{}</ul>").format(heading, lines)


_WANTED = (Role.COMMANDER, Role.TECHNICAL_LEAD, Role.PRIVACY_OFFICER, Role.LEGAL, Role.SCRIBE, Role.EXECUTIVE)


def _team() -> Markup:
    """Who it is tonight, to be written by hand."""
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td>&nbsp;</td><td>&nbsp;</td><td>&nbsp;</td></tr>").format(each.label) for each in _WANTED
    )
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(each) for each in ("Role", "Name", "Telephone", "Deputy"))
    return Markup("<h2>The team tonight</h2><table class='team'><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        head, rows
    )


def _phase(playbook: Playbook, phase: Phase, steps: list[Step], question: Question) -> Markup:
    body = Markup("").join(_step(playbook, each, question) for each in steps)
    return Markup("<h2 class='phase'>{}</h2><p class='objective'>{}</p>{}").format(phase.title, phase.objective, body)


def _step(playbook: Playbook, step: Step, question: Question) -> Markup:
    notes = Markup("").join(
        Markup("<p><strong>{}:</strong> {}</p>").format(label, text)
        for label, text in step_notes(playbook, step, question)
        if label != "Tags"
    )
    decided = Markup("decided <span class='line'></span>") if step.decision else Markup("")
    return Markup(
        "<div class='step'><span class='tick'></span><h3>{title}</h3><div class='whose'>{whose}</div>{guidance}"
        "<div class='notes'>{notes}</div><div class='by'>{decided}done at <span class='line'></span>"
        "by <span class='line'></span></div></div>"
    ).format(title=step.title, whose=whose_words(step), guidance=prose(flowing(step.guidance)), notes=notes, decided=decided)


def _pivots(playbook: Playbook) -> Markup:
    if not playbook.pivots:
        return Markup("")
    lines = Markup("").join(
        Markup("<li><strong>{}</strong>: {}</li>").format(each.playbook, each.sign) for each in playbook.pivots
    )
    return Markup("<h2>Go to another playbook</h2><ul>{}</ul>").format(lines)
