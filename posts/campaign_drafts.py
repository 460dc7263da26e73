"""活动通知, 公示, 公示情况报告: drafted from the campaign and from its public notices."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import Campaign, CampaignStatus
from posts.documents.official_paper import Annex, Column, Corner
from posts.documents.qr import qr_svg
from posts.domain.draft_facts import Facts, all_units, heading, in_words
from posts.domain.drafting import BLANK, Case, draft_maker
from posts.domain.notice_outcome import objections_told
from posts.domain.quota_table import quota_table
from posts.models import Notice


@draft_maker("notification", gettext_lazy("Notification of the campaign"), model="campaigns.Campaign", order=10)
def notification(campaign: Campaign) -> Case:
    """活动通知: what is created, by whom, when and in which steps; the places as an annex."""
    facts = Facts()
    opening = _("According to %(basis)s the %(year)s campaign for “%(honour)s” is carried out among %(scope)s.") % {
        "basis": facts.basis(campaign),
        "year": facts.year(campaign),
        "honour": facts.honour(campaign),
        "scope": facts.put(pgettext("fact", "scope"), campaign.scope or campaign.owner.name),
    }
    kinds = list(campaign.kinds.prefetch_related("stages"))
    what = _("Posts are created as: %s.") % facts.put(
        pgettext("fact", "kinds of post"), in_words(kind.label for kind in kinds)
    )
    steps = facts.put(pgettext("fact", "steps"), "\n".join(_ways(kinds)))
    places = _places(campaign)
    demands = _(
        "Party organisations see to it that the conditions are kept, that members and masses take part, and that "
        "every record is complete; formalities for show are avoided."
    )
    text = [
        opening + _("The following is to be observed."),
        heading(1, _("Time of the campaign")), _times(campaign, facts),
        heading(2, _("What is created")), what + (_("The places of each unit stand in the annex.") if places else ""),
        heading(3, _("Steps of the creation")), steps,
        heading(4, _("What is asked for")), demands, _contact(campaign, facts),
    ]  # fmt: skip
    return Case(
        campaign=campaign,
        org_unit=campaign.owner,
        title=_("Notification of the %(year)s campaign for “%(honour)s”")
        % {"year": campaign.year, "honour": campaign.honour},
        text="\n".join(text),
        facts=facts,
        addressee=all_units(),
        annexes=[places] if places else [],
        is_wide=True,
        keep=(campaign.honour,),
        hindrances=[_("The campaign is still in preparation: its rules may change. Open it first.")]
        if campaign.status == CampaignStatus.DRAFT
        else [],
    )


def _times(campaign: Campaign, facts: Facts) -> str:
    """Only the days that are fixed already."""
    told = []
    if campaign.starts_on and campaign.ends_on:
        first = facts.put(pgettext("fact", "first day"), campaign.starts_on)
        last = facts.put(pgettext("fact", "last day"), campaign.ends_on)
        told.append(_("The campaign runs from %(first)s to %(last)s.") % {"first": first, "last": last})
    if campaign.nominations_until:
        until = facts.put(pgettext("fact", "nominations until"), campaign.nominations_until)
        told.append(_("Nominations are handed in by %s.") % until)
    return "".join(told) or BLANK


def _contact(campaign: Campaign, facts: Facts) -> str:
    office = facts.put(pgettext("fact", "office"), campaign.owner.name)
    contact = _("Contact: %s") % office
    if campaign.owner.phone:
        contact += "\n" + _("Telephone: %s") % facts.put(pgettext("fact", "telephone"), campaign.owner.phone)
    return contact


def _ways(kinds) -> Iterator[str]:
    """A paragraph for each kind: its steps in the words of the scheme."""
    for n, kind in enumerate(kinds):
        yield (
            f"（{'一二三四五六七八九十'[n % 10]}）{kind.label}。" + "—".join(s.label for s in kind.stages.all()) + "。"
        )


def _places(campaign: Campaign) -> Annex | None:
    """名额分配表, when the scheme gives places to units."""
    labels = {kind.code: kind.label for kind in campaign.kinds.all()}
    rows = [row for row in quota_table(campaign) if row.maximum is not None or row.minimum is not None]
    if not rows:
        return None
    columns = [
        Column(pgettext("sheet", "No."), centered=True),
        Column(pgettext("sheet", "Unit")),
        Column(pgettext("sheet", "Kind"), centered=True),
        Column(_("at least"), centered=True),
        Column(_("at most"), centered=True),
    ]
    cells = [
        (str(n), row.unit.name, in_words(labels.get(code, code) for code in row.kinds) or _("all kinds"),
         _figure(row.minimum), _figure(row.maximum))
        for n, row in enumerate(sorted(rows, key=lambda row: row.unit.path), 1)
    ]  # fmt: skip
    return Annex(_("Places of the units"), columns, cells)


def _figure(number: int | None) -> str:
    return "" if number is None else str(number)


@draft_maker("public_notice", gettext_lazy("Public notice"), model="posts.Notice", formal=False, public=True, order=20)
def public_notice(notice: Notice) -> Case:
    """公示: the text as it was published, whole; where to object; the list of the posts."""
    facts = Facts()
    contact = {key: notice.contact.get(key, "") for key in ("office", "phone", "address", "postcode", "hours")}
    place = contact["address"] + (f"（{contact['postcode']}）" if contact["postcode"] else "")
    lines = [
        facts.put(pgettext("fact", "published text"), notice.text),
        _("Taken by: %s") % facts.put(pgettext("fact", "office"), contact["office"]),
        _("Telephone: %s") % facts.put(pgettext("fact", "telephone"), contact["phone"]),
        _("Address: %s") % facts.put(pgettext("fact", "address"), place),
        _("Hours: %s") % facts.put(pgettext("fact", "hours"), contact["hours"]),
    ]
    address = settings.SITE_URL + reverse("posts:public_notice", args=[notice.public_id])
    foot = _("Journal head at publication: %s") % notice.anchor if notice.anchor else ""
    return Case(
        campaign=notice.campaign,
        org_unit=notice.org_unit,
        title=notice.title,
        text="\n".join(lines),
        facts=facts,
        annexes=[_list_of(notice)],
        corner=Corner(qr_svg(address, dark="#000"), pgettext("sheet", "Scan to object")),
        is_wide=True,
        day=notice.starts_on,
        keep=(notice.campaign.honour,),
        foot=foot,
        unfit=_("The notice has been withdrawn.") if notice.withdrawn_at else "",
    )


def _list_of(notice: Notice) -> Annex:
    """What was published about each post, and nothing else of it."""
    columns = [
        Column(pgettext("sheet", "No."), centered=True),
        Column(pgettext("sheet", "Post")),
        Column(pgettext("sheet", "Kind"), centered=True),
        Column(pgettext("sheet", "Unit")),
        Column(pgettext("sheet", "Members")),
        Column(pgettext("sheet", "Duties")),
    ]
    rows = []
    for n, row in enumerate((item.snapshot for item in notice.items.all()), 1):
        duties = "；".join(part for part in (row.get("duties", ""), row.get("survey", "")) if part)
        rows.append((str(n), row["post"], row["kind"], row["unit"], "、".join(row["members"]), duties))
    return Annex(pgettext("sheet", "List of the posts"), columns, rows)


@draft_maker("notice_report", gettext_lazy("Report on a public notice"), model="posts.Notice", formal=False, order=30)
def notice_report(notice: Notice) -> Case:
    """公示情况报告: that it was public, when and where, what came in and what became of it."""
    facts = Facts()
    campaign = notice.campaign
    period = {
        "title": facts.put(pgettext("fact", "notice"), notice.title),
        "first": facts.put(pgettext("fact", "first day"), notice.starts_on),
        "last": facts.put(pgettext("fact", "last day"), notice.ends_on),
        "channels": facts.put(pgettext("fact", "channels"), in_words(notice.channels), is_needed=False),
        "n": facts.put(pgettext("fact", "number of posts"), notice.items.count()),
    }
    opening = _("According to %(basis)s, %(n)s post(s) were put on public notice.") % (
        period | {"basis": facts.basis(campaign)}
    )
    how = _("“%(title)s” was public from %(first)s to %(last)s") % period
    how += _(", by %(channels)s.") % period if notice.channels else "。"
    result = facts.put(pgettext("fact", "result"), objections_told(notice))
    text = [
        opening,
        heading(1, _("How the notice was made")), how,
        heading(2, _("What came in")), result,
        heading(3, _("Opinion on the notice")),
        _("The notice was made as prescribed; it is proposed to go on with the procedure."),
    ]  # fmt: skip
    running = _("The notice runs until %(day)s: a report is made when it is over.") % {"day": notice.ends_on}
    return Case(
        campaign=campaign,
        org_unit=notice.org_unit,
        title=_("Report on the public notice of the posts for “%(honour)s” in %(year)s")
        % {"honour": campaign.honour, "year": campaign.year},
        text="\n".join(text),
        facts=facts,
        addressee=f"{campaign.owner.name}：" if campaign.owner_id != notice.org_unit_id else "",
        annexes=[_list_of(notice)],
        keep=(campaign.honour,),
        unfit=running if notice.ends_on >= timezone.localdate() else "",
    )
