"""Reports: a title, sections and blocks → Markdown, or HTML for the same archival PDF as the notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from incident.documents.charts import Chart, charts_markdown, in_svg
from incident.documents.glyphs import settable, with_note
from incident.documents.markdown import prose


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The few words of a report that are not its own: which page of how many, and what stands for missing characters."""

    language: str = "en"
    page: str = "Page"
    of: str = "of"
    no_glyph: str = "▯ stands for a character that this document’s fonts do not have:"


@dataclass(frozen=True, slots=True)
class Prose:
    """Text that a person wrote (Markdown, inert)."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; cells are plain text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unbroken: tuple[int, ...] = ()
    """Columns whose cells stay on one line (dates, durations)."""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Prose | Table | Chart, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: who made it of what, and its sections."""

    title: str
    subtitle: str
    author: str
    frame: tuple[tuple[str, str], ...]
    sections: tuple[ReportSection, ...]
    footer: str
    mark: str = ""


def report_markdown(report: Report) -> str:
    """The report as Markdown."""
    lines = [f"# {report.title}", "", report.subtitle, ""]
    lines += [f"- **{label}:** {text}" for label, text in report.frame]
    for section in report.sections:
        lines += ["", f"## {section.heading}", ""]
        for block in section.blocks:
            lines += [*_lines(block), ""]
    return "\n".join([*lines, "---", report.footer, ""])


def _lines(block: Prose | Table | Chart) -> list[str]:
    if isinstance(block, Chart):
        return [charts_markdown((block,))]
    return [block.text] if isinstance(block, Prose) else _table_lines(block)


def _table_lines(table: Table) -> list[str]:
    rows = [table.head, tuple("---" for _ in table.head), *table.rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]


def report_html(report: Report, style: Path, *, words: ReportWords | None = None) -> str:
    """The report as HTML in the documents' own style; characters that cannot be set are noted at its end."""
    said = words or ReportWords()
    page = Markup(
        "@page {{ size: A4; margin: 20mm 20mm 24mm 25mm;"
        " @bottom-left {{ content: '{footer}'; font: 7.5pt Body; color: #5a5f68 }}"
        " @bottom-right {{ content: '{page} ' counter(page) ' {of} ' counter(pages); font: 7.5pt Body; color: #5a5f68 }}"
        " @top-right {{ content: '{mark}'; font: bold 11pt Body }} }}"
    ).format(footer=report.footer.replace("'", "’"), mark=report.mark, page=said.page, of=said.of)
    frame = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td></tr>").format(label, text) for label, text in report.frame
    )
    body = Markup("").join(_section(each) for each in report.sections)
    css = Markup(style.read_text(encoding="utf-8"))  # noqa: S704 - our own stylesheet
    html = str(
        Markup(
            "<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>"
            "<meta name='author' content='{author}'><style>{css}{page}</style></head><body>"
            "<div class='head'><div class='name'>{author}</div><div class='lines'>{subtitle}</div></div>"
            "<h1>{title}</h1><table class='meta'><tbody>{frame}</tbody></table>{body}</body></html>"
        ).format(
            language=said.language,
            title=report.title,
            author=report.author,
            css=css,
            page=page,
            subtitle=report.subtitle,
            frame=frame,
            body=body,
        )
    )
    return with_note(*settable(html), said.no_glyph)


def _section(section: ReportSection) -> Markup:
    blocks = Markup("").join(_block(each) for each in section.blocks)
    return Markup("<h2>{}</h2>{}").format(section.heading, blocks)


def _block(block: Prose | Table | Chart) -> Markup:
    if isinstance(block, Chart):
        return in_svg(block)
    return prose(block.text) if isinstance(block, Prose) else _table(block)


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(each) for each in table.head)
    rows = Markup("").join(_row(row, table.unbroken) for row in table.rows)
    return Markup("<table class='fields report'><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, rows)


_LONG = 400
"""Characters from which a row may be broken between two pages."""


def _row(row: Sequence[str], unbroken: tuple[int, ...]) -> Markup:
    sort = "long" if sum(map(len, row)) > _LONG else "short"
    return Markup("<tr class='{}'>{}</tr>").format(sort, _cells(row, unbroken))


def _cells(row: Sequence[str], unbroken: tuple[int, ...]) -> Markup:
    cell, line = Markup("<td>{}</td>"), Markup("<td class='line'>{}</td>")
    return Markup("").join((line if number in unbroken else cell).format(text) for number, text in enumerate(row))
