"""A receipt: a report with lines to sign at its end."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from incident.documents.report import Report, report_html


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs on paper, and as what."""

    part: str
    name: str


def receipt_html(report: Report, style: Path, signers: tuple[Signer, ...]) -> str:
    """The report with a line for each signature, kept together on one page."""
    lines = Markup("").join(_line(each) for each in signers)
    signatures = Markup("<div class='signed'><h2>Signatures</h2><table><tbody><tr>{}</tr></tbody></table></div>").format(lines)
    return report_html(report, style).replace("</body></html>", f"{signatures}</body></html>")


def _line(signer: Signer) -> Markup:
    return Markup(
        "<td style='width: 50%'><p><strong>{part}</strong></p><p>{name}</p>"
        "<p style='margin-top: 14mm; padding-top: 1mm; border-top: .6pt solid #1a1c20'>Signature</p>"
        "<p style='margin-top: 8mm; padding-top: 1mm; border-top: .6pt solid #1a1c20'>Place, date and time</p></td>"
    ).format(part=signer.part, name=signer.name)
