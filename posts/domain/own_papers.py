"""The paper of a member who applies for himself: he alone is in it, and where the scheme says so it is his only one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.models import PostKind, User
from posts.domain.member_rules import opening_params, rule
from posts.domain.members import Chosen
from posts.models import Nomination


def require_only_himself(actor: User, members: Iterable[Chosen]) -> None:
    """Raise DomainError when somebody else is chosen."""
    if any(person.member != actor.member.pk for person in members):
        text = _("You apply for yourself: nobody else can be in this paper. Your branch nominates other members.")
        raise DomainError(text, field="members")


def require_no_other_paper(actor: User, kind: PostKind) -> None:
    """One form a person 一人一报 (S8): raise DomainError when the member has a paper in this campaign already."""
    if not (opening_params(kind).get("one_per_person") or rule(kind, "one_post_per_person")):
        return
    own = Nomination.objects.live().filter(
        campaign=kind.campaign_id, members__member__user=actor, members__dropped_at__isnull=True
    )
    if paper := own.first():
        text = _("One paper a person: you are in “%(post)s” already. Go on with that paper, or withdraw it first.")
        raise DomainError(text % {"post": paper}, field="post_kind")
