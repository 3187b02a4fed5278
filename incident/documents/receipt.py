"""A receipt: a report with lines to sign at its end, in the language of whoever signs it."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from incident.documents.report import Report, ReportWords, report_html
from incident.documents.words import Words


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs on paper, and as what."""

    part: str
    name: str


def receipt_html(report: Report, style: Path, signers: tuple[Signer, ...], words: Words) -> str:
    """The report with a line for each signature, kept together on one page."""
    lines = Markup("").join(_line(each, words) for each in signers)
    signatures = Markup("<div class='signed'><h2>{}</h2><table><tbody><tr>{}</tr></tbody></table></div>").format(
        words.phrase("receipt signatures"), lines
    )
    own = ReportWords(words.language, words.phrase("page"), words.phrase("of"), words.phrase("no glyph"))
    return report_html(report, style, words=own).replace("</body></html>", f"{signatures}</body></html>")


def _line(signer: Signer, words: Words) -> Markup:
    return Markup(
        "<td style='width: 50%'><p><strong>{part}</strong></p><p>{name}</p>"
        "<p style='margin-top: 14mm; padding-top: 1mm; border-top: .6pt solid #1a1c20'>{signature}</p>"
        "<p style='margin-top: 8mm; padding-top: 1mm; border-top: .6pt solid #1a1c20'>{place}</p></td>"
    ).format(
        part=signer.part, name=signer.name, signature=words.phrase("receipt signature"), place=words.phrase("receipt place")
    )
