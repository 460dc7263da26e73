from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

#: Modules that register themselves: one line each, so that adding one touches nothing else.
REGISTERS = (
    "assessments.stages.survey",
    "assessments.stages.assess",
    "assessments.domain.review_clock",
    "assessments.domain.voice_waits",
    "assessments.domain.rectification_clock",
    "assessments.domain.incident_clock",
    "assessments.domain.endings",
    "assessments.domain.rotation_clock",
    "assessments.rotation_pages",
    "assessments.commendation_pages",
    "assessments.domain.trials",
    "assessments.trial_pages",
    "assessments.event_words",
    "assessments.history_pages",
    "assessments.anchors",
    "assessments.navigation",
    "assessments.sections",
    "assessments.timeline",
    "assessments.todos",
    "assessments.message_checks",
    "assessments.dossier_chapters",
    "assessments.ledgers",
    "assessments.voice_todos",
    "assessments.public_results",
    "assessments.survey_todos",
    "assessments.dossier",
    "assessments.assess_parts",
    "assessments.assess_todos",
    "assessments.notice_figures",
    "assessments.sheets.scores",
    "assessments.sheets.result",
    "assessments.sheets.veto",
    "assessments.document_drafts",
    "assessments.blanks",
    "assessments.survey_blanks",
)


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self):
        for module in REGISTERS:
            import_module(module)
        post_migrate.connect(import_module("assessments.guards").install_guards, sender=self)
