"""Every address of the site, asked by somebody who is not signed in and by a stranger who is.

The rows are found from the URL configuration, over the whole of the demonstration's data: a new address that answers
a stranger with a page fails here until it is declared open.
"""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from assessments.demo.story import tell_story
from assessments.models import (
    CaseFile,
    CodeBatch,
    Commendation,
    CommendationItem,
    Hearing,
    Incident,
    Proposal,
    RecordFile,
    Rectification,
    ReportPhoto,
    Review,
    ReviewPhoto,
    Rotation,
    RotationItem,
    Survey,
    Trial,
)
from campaigns.models import (
    Appointment,
    Appraisal,
    Campaign,
    DueItem,
    Holiday,
    ImportJob,
    Member,
    Message,
    OrgUnit,
    SchemeDraft,
)
from posts.models import (
    Adjustment,
    AdjustmentLine,
    Ban,
    Blank,
    Conferral,
    Consent,
    Decision,
    Evidence,
    Meeting,
    Nomination,
    Notice,
    Objection,
    OfficialDocument,
    Plaque,
    PrintJob,
    SanctionMatter,
    StageRun,
    TaskResult,
    ZoneTask,
)
from tests.factories import UserFactory

#: Pages for everybody, with or without an account.
OPEN = {
    "campaigns:login", "healthz", "campaigns:sign_in_link",
    "posts:public_notice_list", "posts:public_notice", "posts:public_objection_search", "posts:public_objection",
    "posts:public_post", "assessments:vote_entry", "assessments:report", "assessments:report_state",
    "assessments:bulletin", "assessments:bulletin_file", "assessments:bulletin_checker", "assessments:protection",
}  # fmt: skip
#: Pages that every account has, with nothing of anybody else on them: a list shows what one may see, here nothing.
OWN = {
    "campaigns:home", "campaigns:password_change", "campaigns:message_list", "campaigns:campaign_list",
    "campaigns:message_choice", "campaigns:ledger_list", "campaigns:ledger", "campaigns:ledger_export",
    "posts:plaque_print",
    "campaigns:unit_list", "campaigns:member_list", "campaigns:import_list", "campaigns:import_template",
    "campaigns:holiday_list", "posts:nomination_list", "posts:nomination_create", "posts:notice_list",
    "posts:objection_list", "posts:endorsement_list", "posts:decision_list", "posts:decision_waiting",
    "posts:document_list",
    "posts:blank_list", "posts:blank_fields", "posts:blank_starter",
    "posts:conferral_list", "posts:ban_list", "posts:conferral_export", "posts:plaque_list", "posts:plaque_pickup",
    "posts:print_list", "posts:ledger_pdf", "posts:ledger_preview",
    "assessments:survey_list", "assessments:review_list", "assessments:rectification_list",
    "assessments:incident_list", "assessments:rotation_list", "assessments:review_call",
    "assessments:commendation_list", "assessments:reward_list", "assessments:reward_export",
}  # fmt: skip
MODELS = {
    "organization/units": OrgUnit, "organization/appointments": Appointment, "organization/appraisals": Appraisal,
    "organization/members": Member,
    "messages": Message, "clock": DueItem, "history": Campaign,
    "campaigns": Campaign, "imports": ImportJob, "holidays": Holiday,
    "nominations": Nomination, "runs": StageRun, "consents": Consent, "evidence": Evidence,
    "notices/objections": Objection, "notices": Notice, "decisions": Decision, "posts": Conferral, "plaques": Plaque,
    "bans": Ban, "blanks": Blank,
    "surveys": Survey, "reviews": Review, "proposals": Proposal, "rectifications": Rectification,
    "schemes/drafts": SchemeDraft, "trials": Trial,
    "incidents": Incident, "rotations": Rotation, "rotations/items": RotationItem,
    "commendations": Commendation, "commendations/items": CommendationItem, "assessment-files": RecordFile,
    "review-photos": ReviewPhoto,
    "adjustments": Adjustment, "adjustment-lines": AdjustmentLine, "sanctions": SanctionMatter,
    "documents": OfficialDocument, "statements": Hearing, "case-files": CaseFile,
    "report-photos": ReportPhoto, "sheets": Meeting,
    "zone-tasks": ZoneTask, "prints": PrintJob, "zone-results": TaskResult,
}  # fmt: skip


def addresses():
    """Name and pattern of every address."""
    found = []
    for app in get_resolver().url_patterns:
        prefix = getattr(app, "namespace", None)
        stack = [(app, "")]
        while stack:
            node, path = stack.pop()
            path += str(node.pattern)
            if isinstance(node, URLPattern):
                found.append((f"{prefix}:{node.name}" if prefix and node.name else node.name or path, path))
            else:
                stack += [(child, path) for child in node.url_patterns]
    return sorted(found)


def arguments_for(path):
    """An existing object for each part of the address."""
    model = next((MODELS[key] for key in sorted(MODELS, key=len, reverse=True) if path.startswith(key + "/")), None)
    values = {}
    if "<int:pk>" in path:
        values["pk"] = getattr(model.objects.order_by("pk").first(), "pk", 1)
    if "<int:campaign_pk>" in path:
        values["campaign_pk"] = Campaign.objects.order_by("pk")[0].pk
    if "<int:sheet_pk>" in path:
        values["sheet_pk"] = 1
    if "<int:batch_pk>" in path:
        values["batch_pk"] = getattr(CodeBatch.objects.first(), "pk", 1)
    if "public_id" in path:
        source = {
            "v/": Survey,
            "v/<str:public_id>/bulletin": Survey.objects.filter(state="closed"),
            "n/o/": Objection,
            "n/": Notice,
            "p/": Conferral,
        }
        model = next(source[key] for key in sorted(source, key=len, reverse=True) if path.startswith(key))
        values["public_id"] = getattr(model, "objects", model).latest("pk").public_id
    words = {
        "code": "default",
        "kind": "post" if path.startswith("blanks/") else "members",
        "username": "demo-secretary",
        "where": "kinds",
    }
    words |= {"number": 0, "slug": "campaign", "voice": "self"}
    if path.startswith("ledgers/"):
        words["code"] = "posts"
    if path.startswith("sheets/"):
        words["kind"] = "minutes"
    # Parts of an object that the demonstration has none of: its page must not let anybody in for that either.
    words = dict.fromkeys(re.findall(r"<int:(\w+)>", path), 1) | words | values
    return {part: word for part, word in words.items() if f":{part}>" in path}


def status_of(client, url):
    """A file that is streamed is closed again, as a server does."""
    answer = client.get(url)
    if answer.streaming:
        answer.close()
    return answer.status_code


@pytest.mark.django_db(transaction=True)
def test_no_address_shows_a_stranger_anything(settings):
    settings.DEMO = False
    tell_story()
    stranger, anonymous = Client(), Client()
    stranger.force_login(UserFactory(name="褚样甲"))
    wrong = []
    for name, path in addresses():
        url = reverse(name, kwargs=arguments_for(path)) if ":" in name else f"/{path}"
        nobody, somebody = status_of(anonymous, url), status_of(stranger, url)
        if name in OPEN:
            expected = nobody in {200, 302, 410, 503} and somebody in {200, 302, 410, 503}
        elif name in OWN:
            # 400: of his own there is nothing to print.
            expected = nobody == 302 and somebody in {200, 302, 400, 403}
        else:
            expected = nobody in {302, 404, 405} and somebody in {403, 404, 405}
        if not expected:
            wrong.append((name, url, nobody, somebody))

    assert wrong == []
    assert len(addresses()) > 100
