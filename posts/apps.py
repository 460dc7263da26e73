from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

#: Modules that register themselves: one line each, so that adding one touches nothing else.
REGISTERS = (
    "posts.checks",
    "posts.event_words",
    "posts.history_pages",
    "posts.anchors",
    "posts.navigation",
    "posts.panels",
    "posts.todos",
    "posts.message_checks",
    "posts.dossier_chapters",
    "posts.ledgers",
    "posts.case_ledgers",
    "posts.dossier_parts",
    "posts.domain.creations",
    "posts.domain.lost_conditions",
    "posts.holder_todos",
    "posts.post_cards",
    "posts.notice_register",
    "posts.campaign_progress",
    "posts.campaign_parts",
    "posts.domain.step_reminders",
    "posts.domain.print_work",
    "posts.domain.ledger_prints",
    "posts.dossier_papers",
    "posts.domain.dossier_prints",
    "posts.domain.archive_prints",
    "posts.domain.plaque_prints",
    "posts.domain.sheet_prints",
    "posts.domain.blank_prints",
    "posts.stages.specs",
    "posts.stages.nominate",
    "posts.stages.deliberate",
    "posts.stages.consent",
    "posts.stages.endorse",
    "posts.stages.decide",
    "posts.stages.plaque",
    "posts.stages.notice",
    "posts.campaign_drafts",
    "posts.decision_drafts",
    "posts.correction_drafts",
    "posts.document_pages",
    "posts.document_todos",
    "posts.decision_menu",
    "posts.decision_todos",
    "posts.sheets.application",
    "posts.sheets.minutes",
    "posts.sheets.summary",
    "posts.sheets.objection",
    "posts.sheets.plaque_returns",
    "posts.sheets.pledge",
    "posts.sheets.approval",
    "posts.sheets.meeting_list",
    "posts.blanks.nominations",
    "posts.blanks.campaigns",
    "posts.blanks.objections",
    "posts.blanks.menu",
)


class PostsConfig(AppConfig):
    name = "posts"

    def ready(self):
        for module in REGISTERS:
            import_module(module)
        post_migrate.connect(import_module("posts.guards").install_guards, sender=self)
