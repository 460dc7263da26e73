"""The state of a post as the public reads it, with the line that is signed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.rules import shows_rectifying
from campaigns.models import HolderKind
from posts.domain.seals import sign_line
from posts.models import Conferral, ConferralStatus, Holder, Plaque
from posts.models.conferral import OUT_PLAQUES


@dataclass(frozen=True)
class PublicState:
    """Word, icon and tint; since when; who holds it; where its plaque hangs."""

    code: str
    word: str
    icon: str
    tint: str
    since: date | None
    sentence: str
    holders: list[str]
    plaques: list[Plaque]
    line: str
    signature: str


def public_state(conferral: Conferral) -> PublicState:
    """What the page behind the QR code says now; names and duties only, never numbers or addresses of people."""
    code, word, icon, tint, since, sentence = _describe(conferral)
    current = {"until_on__isnull": True} if conferral.is_live else {"until_on": conferral.ended_on}
    plaques = list(conferral.plaques.filter(status__in=OUT_PLAQUES).order_by("pk"))
    line = "|".join(
        [conferral.public_id, conferral.name, code, str(since or ""), f"{timezone.localtime():%Y-%m-%d %H:%M}"]
    )
    return PublicState(
        code=code,
        word=word,
        icon=icon,
        tint=tint,
        since=since,
        sentence=sentence,
        holders=[_spoken(holder) for holder in _shown_holders(conferral).filter(**current)],
        plaques=plaques,
        line=line,
        signature=sign_line(line),
    )


def _shown_holders(conferral: Conferral) -> QuerySet[Holder]:
    """Headed 岗位党员: staff who are not in the Party do not stand under it; an organisation has its own heading."""
    whole = conferral.post_kind.holder == HolderKind.ORG
    return conferral.holders.all() if whole else conferral.holders.filter(member__isnull=False)


def _spoken(holder: Holder) -> str:
    return _("%(name)s (shares the zone)") % {"name": holder.name} if holder.shared else holder.name


def _describe(conferral: Conferral) -> tuple[str, str, str, str, date | None, str]:
    if not conferral.is_live:
        return _describe_end(conferral)
    started = conferral.displayed_on or conferral.conferred_on
    if conferral.suspended_at is not None:
        text = _("The display rests while a matter is looked into.")
        day = timezone.localtime(conferral.suspended_at).date()
        return "suspended", _("display suspended"), "circle-pause", "mute", day, text
    if conferral.status == ConferralStatus.RECTIFYING and shows_rectifying(conferral.campaign):
        text = _("The post is mending what a review found; it keeps its title meanwhile.")
        return "rectifying", _("under rectification (public)"), "wrench", "warn", started, text
    if conferral.status == ConferralStatus.CREATING:
        return (
            "creating",
            _("being created (public)"),
            "sprout",
            "warn",
            None,
            _("The title has not been conferred yet."),
        )
    return "active", _("valid (public)"), "circle-check", "ok", started, _("The title holds.")


def _describe_end(conferral: Conferral) -> tuple[str, str, str, str, date | None, str]:
    day = conferral.ended_on
    if conferral.status == ConferralStatus.REVOKED:
        text = _("The title was revoked. The plaque is no longer valid; please tell us if it still hangs.")
        return "revoked", _("revoked (public)"), "circle-x", "bad", day, text
    if conferral.status == ConferralStatus.ROTATED_OUT:
        text = _("The plaque rotates: this post has handed it on. The plaque is no longer valid here.")
        return "rotated_out", _("rotated out (public)"), "refresh-cw", "mute", day, text
    text = _("The title has ended. The plaque is no longer valid.")
    return "ended", _("ended (public)"), "calendar-off", "mute", day, text
