"""Everything that is content: the law, the playbooks, the notice templates, and what is wrong with them.

Read once per process. A broken file never stops the program: it is left out and listed; a regime that cannot
be used is shown as not evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from incident.content.folders import content_folders
from incident.content.playbooks import read_playbooks
from incident.content.templates import read_templates
from incident.domain.notice import NoticeTemplate
from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.errors import RefusedError
from incident.usecases.assess import Law, load_law


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content in force in this process."""

    law: Law
    playbooks: Mapping[str, Playbook]
    templates: Mapping[str, NoticeTemplate]
    problems: tuple[Problem, ...]

    def playbook(self, slug: str) -> Playbook:
        """The playbook with this slug; refused with the known ones."""
        if slug not in self.playbooks:
            raise RefusedError(f"There is no playbook «{slug}».", f"Known: {', '.join(sorted(self.playbooks))}.")
        return self.playbooks[slug]

    def template(self, slug: str) -> NoticeTemplate:
        """The notice template with this slug; refused with the known ones."""
        if slug not in self.templates:
            raise RefusedError(f"There is no notice «{slug}».", f"Known: {', '.join(sorted(self.templates))}.")
        return self.templates[slug]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The content of this process, read on first use."""
    law = load_law()
    templates, template_problems = read_templates(content_folders("notice_templates"))
    playbooks, playbook_problems = read_playbooks(
        content_folders("playbooks"), law.vocabulary, notice_templates=frozenset(each.slug for each in templates)
    )
    return Catalogue(
        law=law,
        playbooks={each.slug: each for each in playbooks},
        templates={each.slug: each for each in templates},
        problems=(*law.problems, *playbook_problems, *template_problems),
    )
