"""Test data without surprises: every factory makes one row and what that row cannot exist without."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from campaigns.models import Campaign, CampaignStatus, Member, OrgUnit, PostKind, Stage, UnitKind, User
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft, submit_nomination


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"赵样{n}")
    password = factory.django.Password("correct horse")


def make_unit(kind=UnitKind.BRANCH, *, parent=None, **fields):
    """A unit below ``parent``, or a root."""
    number = OrgUnit.objects.count() + 1
    fields.setdefault("code", f"U{number:03}")
    fields.setdefault("name", f"样本单位{number}")
    node = OrgUnit(kind=kind, **fields)
    if parent is None:
        return OrgUnit.objects.add_root(instance=node)
    return OrgUnit.objects.add_child(OrgUnit.objects.get(pk=parent.pk), instance=node)


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    number = factory.Sequence(lambda n: f"DY{n:06}")
    name = factory.Sequence(lambda n: f"钱样{n}")
    branch = factory.LazyFunction(make_unit)
    joined_on = date(2010, 7, 1)
    confirmed_on = date(2011, 7, 1)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    title = "2026年度党员示范岗创建活动"
    honour = "党员示范岗"
    scheme_code = "default"
    scheme_text = ""
    year = 2026
    status = CampaignStatus.OPEN
    owner = factory.LazyFunction(lambda: make_unit(UnitKind.COMMITTEE))
    created_by = factory.SubFactory(UserFactory)


class PostKindFactory(DjangoModelFactory):
    class Meta:
        model = PostKind

    campaign = factory.SubFactory(CampaignFactory)
    code = "person"
    label = "个人示范岗"
    holder = "person"


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    post_kind = factory.SubFactory(PostKindFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "nominate"
    label = factory.SelfAttribute("kind")
    actor = ["branch"]


def make_kind(campaign, *stages, **fields):
    """A kind of post whose way is ``stages``: dicts with ``kind`` and what differs from StageFactory."""
    kind = PostKindFactory(campaign=campaign, **fields)
    for position, stage in enumerate(stages, start=1):
        StageFactory(post_kind=kind, position=position, **stage)
    return kind


def make_nomination(kind, unit, actor, *members, submit=False, **fields):
    """A complete paper for the members given, submitted if wanted."""
    text = {"name": "便民服务中心综合窗口岗", "duties": "受理申请。", "reasons": "上年度办理事项三千二百余件。"}
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=unit, actor=actor, **{**text, **fields})
    chosen = [Chosen(member=member.pk) for member in members]
    nomination = save_draft(nomination, actor=actor, version=nomination.version, fields={}, members=chosen)
    return submit_nomination(nomination, actor=actor) if submit else nomination
