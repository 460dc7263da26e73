"""履岗责任书: what the people of a named post pledge, by what they are measured, and what ends the title."""

from django.utils.translation import gettext_lazy, pgettext

from campaigns.domain.actors import describe_actors
from campaigns.models import User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import Fact, FormSheet, Long, Note, Opinion, facts
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Conferral


def pledge_sheet(conferral: Conferral, _user: User) -> FormSheet:
    """The duties and the commitment of the post, its reviews, the grounds of the veto, and room to sign."""
    holders = list(conferral.holders.filter(until_on__isnull=True))
    columns = (
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "Name"), 16, centered=True),
        GridColumn(pgettext("form", "Task in the post"), 34),
        GridColumn(pgettext("form", "Signature"), 22),
        GridColumn(pgettext("form", "Date"), 16),
    )
    rows = tuple((n, holder.name, holder.duty, "", "") for n, holder in enumerate(holders, 1))
    return FormSheet(
        title=pgettext("form", "Pledge of responsibility “%(honour)s”") % {"honour": conferral.honour},
        left=pgettext("form", "Unit: %(unit)s") % {"unit": conferral.org_unit},
        right="、".join(plaque.number for plaque in conferral.plaques.all() if plaque.issued_on),
        parts=(
            facts(
                (pgettext("form", "Name of the post"), conferral.name),
                (pgettext("form", "Category"), conferral.category),
            ),
            facts(
                (pgettext("form", "Place"), conferral.place),
                (pgettext("form", "Supervision phone"), conferral.contact_phone),
            ),
            facts(
                (pgettext("form", "Conferred on"), conferral.conferred_on),
                Fact(pgettext("form", "Conferred by"), _by(conferral)),
            ),
            Long(pgettext("form", "Duties of the post"), conferral.duties, room=34),
            Long(pgettext("form", "Commitment"), conferral.commitment, room=28),
            Long(pgettext("form", "Reviews"), "\n".join(_reviews(conferral)), least=12, kept=True),
            Long(pgettext("form", "What ends the title"), "\n".join(_grounds(conferral)), least=12, kept=True),
            Grid(columns, rows, label=pgettext("form", "We pledge to do this and accept supervision:")),
            Opinion(label=pgettext("form", "Conferring body"), unit=_by(conferral), least=10),
            Note(pgettext("form", "In two copies: one for the conferring body, one for the post.")),
        ),
        foot=conferral.campaign.title,
    )


def _by(conferral: Conferral) -> str:
    return str(conferral.decision.org_unit)


def _reviews(conferral: Conferral) -> list[str]:
    """The reviews that the scheme knows for this kind of post, and who holds them."""
    rules = conferral.campaign.review_rules.order_by("pk")
    return [
        pgettext("form", "%(review)s by %(who)s") % {"review": rule.label, "who": describe_actors(rule.reviewer)}
        for rule in rules
        if not rule.kinds or conferral.post_kind.code in rule.kinds
    ]


def _grounds(conferral: Conferral) -> list[str]:
    return [f"{n}. {ground.text}" for n, ground in enumerate(conferral.campaign.veto_grounds.all(), 1)]


sheet_kind(
    SheetKind(
        "pledge",
        gettext_lazy("Pledge of responsibility"),
        rows=lambda user: Conferral.objects.visible_to(user).select_related(
            "campaign", "post_kind", "org_unit", "decision__org_unit"
        ),
        make=pledge_sheet,
        fits=lambda conferral, user: conferral.is_live,
        order=10,
        has_blank=True,
        page="posts:conferral_detail",
    )
)
