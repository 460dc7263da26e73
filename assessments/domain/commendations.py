"""Commendation lists 表彰名单: opened by the office, chosen by the committee with reasons, released with a document."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.candidates import candidates_of
from assessments.domain.rewards import enter_reward
from assessments.models import Commendation, CommendationItem, CommendationStatus, RewardKind
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import Campaign, CampaignStatus, User
from campaigns.permissions import holders_of, may_on_unit, require_on_unit
from posts.domain.document_numbers import require_not_given
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import Conferral


def rounds_of(campaign: Campaign) -> list[tuple[str, str]]:
    """Code and name of the scheme's rounds, for which a list may be made."""
    return [(row["code"], row["label"]) for row in campaign.rules.get("rounds", [])]


@transaction.atomic
def open_commendation(campaign: Campaign, *, actor: User, label: str, round_code: str = "") -> Commendation:
    """Begin a list for an occasion. Raises DomainError without a name, for one or for a round that has its list."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=campaign.pk)
    require_on_unit(actor, "manage_campaign", campaign.owner)
    if campaign.status == CampaignStatus.DRAFT:
        raise OutOfOrderError(_("The campaign is not open yet: there is nobody to commend."))
    if not label.strip():
        raise DomainError(_("Name the occasion of the commendation."), field="label")
    if round_code and round_code not in dict(rounds_of(campaign)):
        raise DomainError(_("The scheme has no such round."), field="round_code")
    same = campaign.commendations.filter(label=label.strip())
    if same.exists() or (round_code and campaign.commendations.filter(round_code=round_code).exists()):
        raise DomainError(_("There is a list for this occasion already."), field="label")
    made = Commendation.objects.create(campaign=campaign, label=label.strip(), round_code=round_code, opened_by=actor)
    record("commendation_opened", made, actor=actor, campaign=campaign.pk)
    tell(
        holders_of("decide", campaign.owner).exclude(pk=actor.pk),
        key=f"commendation:{made.pk}",
        title=_("Choose who is commended: %(list)s") % {"list": made.label},
        body=str(campaign),
        url=_url(made),
    )
    return made


def why_not_choose(user: User, commendation: Commendation, conferral: Conferral) -> str:
    """Why the user may not choose this post; empty when he may: the committee does, nobody his own."""
    if not may_on_unit(user, "decide", commendation.campaign.owner):
        return _("%(unit)s decides on this; your role does not allow it.") % {"unit": commendation.campaign.owner}
    if is_holder(user, conferral):
        return own_case()
    return ""


@transaction.atomic
def choose_posts(
    commendation: Commendation, *, actor: User, conferrals: Iterable[Conferral], reason: str
) -> list[CommendationItem]:
    """Put posts on the list with a reason, all or none.

    Raises NotAllowedError, OutOfOrderError once it is released, DomainError without a reason or for a post that may not
    be commended now.
    """
    commendation = _lock(commendation)
    chosen = list(conferrals)
    for conferral in chosen:
        if barred := why_not_choose(actor, commendation, conferral):
            raise NotAllowedError(barred)
    if not chosen:
        raise DomainError(_("Choose at least one post."), field="posts")
    if not reason.strip():
        raise DomainError(_("Give the reasons: they stand on the list."), field="reason")
    _require_eligible(commendation, [conferral.pk for conferral in chosen])
    items = []
    for conferral in chosen:
        facts = {"reason": reason.strip()[:300], "chosen_by": actor}
        item, _new = CommendationItem.objects.update_or_create(
            commendation=commendation, conferral=conferral, defaults=facts
        )
        items.append(item)
    record("commendation_chosen", commendation, actor=actor, posts=sorted(conferral.pk for conferral in chosen))
    return items


@transaction.atomic
def drop_post(item: CommendationItem, *, actor: User) -> None:
    """Take a post off the list again, before the release."""
    commendation = _lock(item.commendation)
    if barred := why_not_choose(actor, commendation, item.conferral):
        raise NotAllowedError(barred)
    CommendationItem.objects.filter(pk=item.pk).delete()
    record("commendation_dropped", commendation, actor=actor, post=item.conferral_id)


@transaction.atomic
def release_commendation(
    commendation: Commendation, *, actor: User, held_on: date, document_number: str, meeting: str = ""
) -> Commendation:
    """Publish the list: it goes into the register of rewards, and the people are told. Once, and not to be changed.

    Raises OutOfOrderError when somebody else has released it, DomainError for an empty list, without a document number
    or with every post that may not be commended any more.
    """
    commendation = _lock(commendation)
    require_on_unit(actor, "release_decision", commendation.campaign.owner)
    if held_on > timezone.localdate():
        raise DomainError(_("The day of the decision lies in the future."), field="held_on")
    if not document_number.strip():
        raise DomainError(_("A commendation needs its document number."), field="document_number")
    require_not_given(commendation.campaign.owner, document_number)
    items = list(commendation.items.select_related("conferral").order_by("conferral__org_unit__path", "pk"))
    if not items:
        raise DomainError(_("Nobody is on the list yet."))
    _require_eligible(commendation, [item.conferral_id for item in items])
    commendation.held_on, commendation.meeting = held_on, meeting.strip()
    commendation.document_number = document_number.strip()
    commendation.status, commendation.released_by = CommendationStatus.RELEASED, actor
    commendation.released_at = timezone.now()
    commendation.save()
    record("commendation_released", commendation, actor=actor, posts=len(items))
    enter_reward(
        commendation.campaign,
        actor=actor,
        kind=RewardKind.COMMENDATION,
        text=commendation.label,
        given_on=held_on,
        document_number=commendation.document_number,
        conferrals=[item.conferral for item in items],
        commendation=commendation,
    )
    return commendation


def _lock(commendation: Commendation) -> Commendation:
    fresh = Commendation.objects.select_for_update(of=("self",)).get(pk=commendation.pk)
    if fresh.status == CommendationStatus.RELEASED:
        raise OutOfOrderError(
            _("%(name)s has released this list at %(time)s. What was released is not changed.")
            % {"name": fresh.released_by, "time": timezone.localtime(fresh.released_at).strftime("%Y-%m-%d %H:%M")}
        )
    return fresh


def _require_eligible(commendation: Commendation, wanted: list[int]) -> None:
    judged = {each.conferral.pk: each for each in candidates_of(commendation.campaign, only=wanted)}
    if set(wanted) - set(judged):
        raise DomainError(_("One of the posts belongs to another campaign."), field="posts")
    problems = [f"{each.conferral}：{text}" for each in judged.values() for text in each.hindrances]
    if problems:
        raise DomainError(_("These may not be commended: %s") % "；".join(problems), field="posts")


def _url(commendation: Commendation) -> str:
    return reverse("assessments:commendation_detail", args=[commendation.pk])
