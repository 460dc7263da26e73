"""The register of rewards 激励台账: what followed for whom, on which document; nothing in it is ever changed."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Commendation, Reward, RewardKind, RewardPerson
from assessments.models.commendation import HONOURS
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import Campaign, User
from campaigns.permissions import require_on_unit
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import Ban, Conferral


@transaction.atomic
def record_reward(
    campaign: Campaign,
    *,
    actor: User,
    kind: str,
    text: str,
    given_on: date,
    conferrals: Iterable[Conferral],
    document_number: str = "",
) -> Reward:
    """Enter what the people of some posts got, or what follows for them in the annual appraisal; they are told.

    By the office of the campaign's owner, nobody for himself. Raises NotAllowedError, DomainError without a text or
    posts, for a day in the future, and for somebody who is barred from honours this year.
    """
    require_on_unit(actor, "manage_campaign", campaign.owner)
    posts = list(conferrals)
    if any(is_holder(actor, conferral) for conferral in posts):
        raise NotAllowedError(own_case())
    _check(campaign, kind, text, given_on, posts)
    return enter_reward(
        campaign,
        actor=actor,
        kind=kind,
        text=text,
        given_on=given_on,
        document_number=document_number,
        conferrals=posts,
    )


def enter_reward(
    campaign: Campaign,
    *,
    actor: User,
    kind: str,
    text: str,
    given_on: date,
    document_number: str,
    conferrals: Iterable[Conferral],
    commendation: Commendation | None = None,
) -> Reward:
    """The same as part of a larger act that has asked for the right and checked. Needs a transaction."""
    reward = Reward.objects.create(
        campaign=campaign,
        kind=kind,
        text=text.strip()[:300],
        given_on=given_on,
        document_number=document_number.strip()[:40],
        commendation=commendation,
        recorded_by=actor,
    )
    people = [person for conferral in conferrals for person in _people(reward, conferral)]
    RewardPerson.objects.bulk_create(people)
    record("reward_recorded", reward, actor=actor, campaign=campaign.pk, kind_of_reward=kind, people=len(people))
    for conferral in {person.conferral for person in people}:
        tell(
            User.objects.filter(is_active=True, member__rewards__reward=reward, member__rewards__conferral=conferral),
            key=f"reward:{reward.pk}:{conferral.pk}",
            title=_("%(kind)s: %(text)s") % {"kind": reward.get_kind_display(), "text": reward.text},
            body=reward.document_number,
            url=reverse("posts:conferral_detail", args=[conferral.pk]),
        )
    return reward


def _people(reward: Reward, conferral: Conferral) -> list[RewardPerson]:
    """Those who hold the post now, or held it to its end; the post as a whole where it has nobody."""
    current = {"until_on__isnull": True} if conferral.is_live else {"until_on": conferral.ended_on}
    holders = list(conferral.holders.filter(**current))
    if not holders:
        return [RewardPerson(reward=reward, conferral=conferral)]
    return [RewardPerson(reward=reward, conferral=conferral, member_id=h.member_id, name=h.name) for h in holders]


def _check(campaign: Campaign, kind: str, text: str, given_on: date, posts: list[Conferral]) -> None:
    if kind not in RewardKind.values:
        raise DomainError(_("Choose the kind of reward."), field="kind")
    if not text.strip():
        raise DomainError(_("Write what it is: the register keeps this sentence."), field="text")
    if given_on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="given_on")
    if not posts:
        raise DomainError(_("Choose at least one post."), field="posts")
    if any(post.campaign_id != campaign.pk for post in posts):
        raise DomainError(_("One of the posts belongs to another campaign."), field="posts")
    people = Q(member__held__conferral__in=posts, member__held__until_on__isnull=True)
    bans = Ban.objects.in_force().filter(people | Q(member__isnull=True, conferral__in=posts))
    if kind in HONOURS and (ban := bans.select_related("member", "conferral").first()):
        facts = {"name": ban.member or ban.conferral, "day": ban.until_on, "reason": ban.reason}
        raise DomainError(_("%(name)s is barred until %(day)s: %(reason)s") % facts, field="posts")
