"""Write playbooks as PDFs for the paper binder; no vault is needed, nothing of an incident stands in them."""

import json
from datetime import datetime
from pathlib import Path

from incident.content.folders import shipped_folder
from incident.content.playbook_document import playbook_to_document
from incident.documents.pdf import render_pdf
from incident.documents.playbook_sheet import playbook_sheet
from incident.usecases.catalogue import catalogue
from incident.usecases.press import write_private


def write_playbook(slug: str, folder: Path, *, now: datetime) -> Path:
    """Write one playbook; the file is named for it and its version, and carries it as data."""
    playbook = catalogue().playbook(slug)
    style = shipped_folder("notice_templates") / "_layout" / "style.css"
    html = playbook_sheet(playbook, style, catalogue().law.vocabulary.question, printed=f"{now:%Y-%m-%d}")
    content = json.dumps(playbook_to_document(playbook), ensure_ascii=False, indent=1).encode()
    path = folder / f"playbook_{playbook.slug}.pdf"
    pdf = render_pdf(html, title=f"Playbook: {playbook.title}", language="en", notice_json=content, made_at=now)
    write_private(path, pdf)
    return path
