"""推荐汇总表: what a unit recommends in a campaign, one line a post, for the level above."""

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import Campaign, CampaignStatus, OrgUnit, User
from campaigns.permissions import paths_for
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Opinion, Signatures
from posts.domain.notice_texts import formal_date
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Nomination, NominationMember, NominationStatus, NoticeItem, RunStatus, StageRun

LISTED = (NominationStatus.IN_PROGRESS, NominationStatus.RETURNED, NominationStatus.COMPLETED)


def summary_sheet(campaign: Campaign, user: User) -> FormSheet:
    """The posts the user's units have handed in, with survey and notice; the opinion is left for a pen."""
    rows = tuple(_row(n, nomination) for n, nomination in enumerate(nominations_for(campaign, user), 1))
    unit = recommending_unit(campaign, user)
    columns = (
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "Name of the post"), 17),
        GridColumn(pgettext("form", "Kind"), 12, centered=True),
        GridColumn(pgettext("form", "Nominating unit"), 17),
        GridColumn(pgettext("form", "Members"), 17),
        GridColumn(pgettext("form", "Party members"), 7, centered=True),
        GridColumn(pgettext("form", "Survey result"), 19),
        GridColumn(pgettext("form", "Public notice"), 18, centered=True),
        GridColumn(pgettext("form", "Proposed opinion"), 14),
    )
    words = {"year": campaign.year, "honour": campaign.honour}
    filled_by = Signatures(((pgettext("form", "Filled in by"), ""), (pgettext("form", "Telephone"), "")))
    seal = Opinion(label=pgettext("form", "Opinion of the recommending unit"), unit=str(unit), signer=_head(), least=4)
    return FormSheet(
        title=pgettext("form", "Summary of the recommendations for “%(honour)s” of %(year)s") % words,
        left=pgettext("form", "Recommending unit: %(unit)s") % {"unit": unit},
        right=pgettext("form", "Posts: %(n)s") % {"n": len(rows)},
        parts=(Grid(columns, rows), seal, filled_by),
        foot=campaign.title,
        landscape=True,
    )


def nominations_for(campaign: Campaign, user: User) -> QuerySet[Nomination]:
    """What was handed in and has not failed or been withdrawn, as far as the user sees it."""
    survey = StageRun.objects.filter(nomination=OuterRef("pk"), kind="survey", status=RunStatus.PASSED)
    items = NoticeItem.objects.live().select_related("notice").order_by("notice__starts_on")
    people = NominationMember.objects.filter(dropped_at__isnull=True)
    return (
        Nomination.objects.visible_to(user)
        .filter(campaign=campaign, status__in=LISTED)
        .select_related("post_kind", "org_unit")
        .annotate(survey_result=Subquery(survey.order_by("-position", "-attempt").values("reason")[:1]))
        .prefetch_related(
            Prefetch("members", people, to_attr="people"),
            Prefetch("runs", StageRun.objects.filter(kind="notice"), to_attr="notice_runs"),
            Prefetch("notice_runs__notice_items", items, to_attr="shown"),
        )
        .order_by("org_unit__path", "pk")
    )


def recommending_unit(campaign: Campaign, user: User) -> OrgUnit:
    """The highest unit below the campaign's owner that the user oversees: who signs the list."""
    paths = [path for path in paths_for(user, "view_unit") if path.startswith(campaign.owner.path)]
    if not paths or any(campaign.owner.path.startswith(path) for path in paths_for(user, "view_unit")):
        return campaign.owner
    return OrgUnit.objects.get(path=min(paths, key=lambda path: (len(path), path)))


def _head() -> str:
    return pgettext("form", "Head (signature):")


def _row(n: int, nomination: Nomination) -> tuple[object, ...]:
    notices = [item.notice for run in nomination.notice_runs for item in run.shown]
    shown = "\n".join(f"{formal_date(each.starts_on)}\n至{formal_date(each.ends_on)}" for each in notices)
    return (
        n,
        nomination,
        nomination.post_kind,
        nomination.org_unit,
        "、".join(person.name for person in nomination.people),
        sum(1 for person in nomination.people if person.member_id),
        nomination.survey_result or "",
        shown,
        "",
    )


sheet_kind(
    SheetKind(
        "summary",
        gettext_lazy("Summary of the recommendations"),
        rows=lambda user: Campaign.objects.visible_to(user).select_related("owner"),
        make=summary_sheet,
        fits=lambda campaign, user: campaign.status != CampaignStatus.DRAFT and bool(paths_for(user, "view_unit")),
        order=10,
        has_blank=True,
        page="campaigns:campaign_detail",
    )
)
