"""Cases from which official documents are drafted, and what tests measure in their files."""

from datetime import timedelta

from django.utils import timezone

from posts.domain.document_issue import issue_document
from posts.domain.notices import publish_notice
from posts.domain.official_documents import start_document
from posts.domain.revocations import revoke_title
from posts.models import Decision
from tests.factories import CampaignFactory
from tests.posts.cases import make_conferral, make_kind, make_nomination, open_run

NOTICE = {
    "kind": "notice",
    "label": "公示",
    "actor": ["branch"],
    "params": {"days": 5, "day_kind": "calendar", "object": "members", "channels": ["公开栏", "网站"]},
}


def make_running(committee, **fields):
    """A running campaign with everything that its notification says."""
    today = timezone.localdate()
    facts = {
        "title": "2026年“党员示范岗”创建活动", "honour": "党员示范岗", "year": 2026, "status": "open",
        "starts_on": today, "nominations_until": today + timedelta(days=30), "ends_on": today + timedelta(days=200),
    }  # fmt: skip
    return CampaignFactory(owner=committee, **facts | fields)


def make_named(campaign, unit, *, decider, releaser, **fields):
    """A post that was named by a decision just now."""
    kind = campaign.kinds.first() or make_kind(campaign.owner, campaign=campaign)
    return make_conferral(kind, unit, decider=decider, releaser=releaser, **fields)


def make_notice(campaign, unit, publisher):
    """A public notice of one post that began today."""
    kind = make_kind(campaign.owner, NOTICE, campaign=campaign, code="noticed", label="个人岗")
    return publish_notice([open_run(make_nomination(kind, unit))], actor=publisher)


def make_revocation(conferral, actor):
    revoke_title(conferral, actor=actor, reason="发生重大责任事故，造成不良影响。")
    return conferral.revocations.get()


def issue(source, kind, actor, **wishes):
    """A document from its case to its issue."""
    document = start_document(source, kind=kind, actor=actor)
    if not document.code and "code" not in wishes and document.letterhead:
        document.code = "青示委发"
        document.save()
    return issue_document(document, actor=actor, **wishes)


def decision_of(conferral):
    return Decision.objects.get(pk=conferral.decision_id)
