"""A report as a Word document: headings, tables with a head row that repeats, and text as it was written."""

from io import BytesIO
from typing import Any

from incident.documents.charts import Chart
from incident.documents.markdown import plain_lines
from incident.documents.report import Prose, Report, Table


def report_docx(report: Report) -> bytes:
    """The report as .docx; the same report gives the same text, charts as their values in words."""
    from docx import Document

    document = Document()
    document.core_properties.title = _clean(report.title)
    document.core_properties.author = _clean(report.author)
    document.core_properties.language = "en"
    if report.mark:
        document.add_paragraph(report.mark).runs[0].bold = True
    document.add_heading(_clean(report.title), level=0)
    document.add_paragraph(_clean(report.subtitle))
    _add_table(document, Table(("", ""), report.frame))
    for section in report.sections:
        document.add_heading(_clean(section.heading), level=1)
        for block in section.blocks:
            _add(document, block)
    document.sections[0].footer.paragraphs[0].text = _clean(report.footer)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Prose | Table | Chart) -> None:
    if isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Chart):
        document.add_paragraph(_clean(block.title)).runs[0].bold = True
        for bar in block.bars:
            document.add_paragraph(_clean(f"{bar.label}: {bar.text}"), style="List Bullet")
    else:
        for line in plain_lines(block.text):
            document.add_paragraph(_clean(line))


def _add_table(document: Any, table: Table) -> None:
    headed = any(table.head)
    made = document.add_table(rows=1 if headed else 0, cols=len(table.head))
    made.style = "Table Grid"
    if headed:
        for cell, text in zip(made.rows[0].cells, table.head, strict=True):
            cell.text = _clean(text)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        made.rows[0]._tr.get_or_add_trPr().append(_repeated())
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = _clean(text)


def _repeated() -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement("w:tblHeader")


def _clean(text: str) -> str:
    """Without the controls that XML cannot hold."""
    return "".join(each for each in text if each in "\n\t" or each >= " ")
