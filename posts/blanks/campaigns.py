"""What blanks may name of a campaign: what its units recommend, one line a post (as posts.sheets.summary)."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, User
from posts.domain.blank_kinds import BlankField, BlankKind, BlankList, blank_kind, campaign_fields
from posts.domain.notice_texts import formal_date
from posts.models import Nomination
from posts.sheets.summary import nominations_for


def _lines(campaign: Campaign, user: User):
    return nominations_for(campaign, user)


def _period(nomination: Nomination) -> str:
    notices = [item.notice for run in nomination.notice_runs for item in run.shown]  # type: ignore[attr-defined]
    return "；".join(f"{formal_date(each.starts_on)}至{formal_date(each.ends_on)}" for each in notices)


blank_kind(
    BlankKind(
        "campaign",
        _("Campaign with its recommended posts"),
        Campaign,
        rows=lambda user: Campaign.objects.visible_to(user).select_related("owner"),
        unit_of=lambda case: case.owner,
        fields=campaign_fields(lambda case: case),
        lists=(
            BlankList(
                "推荐名单",
                _("the posts handed in, as far as the reader sees them, one line each"),
                (
                    BlankField("申报编号", _("number"), "QY-2026-0007", lambda line: line.number),
                    BlankField("岗位名称", _("post"), "便民服务中心综合窗口岗", lambda line: line.name),
                    BlankField("岗位类型", _("kind"), "个人示范岗", lambda line: line.post_kind),
                    BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda line: line.org_unit),
                    BlankField(
                        "成员姓名",
                        _("names of the members"),
                        "赵样甲",
                        lambda line: "、".join(person.name for person in line.people),
                    ),
                    BlankField(
                        "党员人数",
                        _("Party members"),
                        "1",
                        lambda line: sum(1 for person in line.people if person.member_id),
                    ),
                    BlankField("测评情况", _("result of the survey"), "达到 80 %", lambda line: line.survey_result),
                    BlankField("公示情况", _("public notice"), "2026年5月11日至2026年5月15日", _period),
                ),
                _lines,
            ),
        ),
        order=15,
    )
)
