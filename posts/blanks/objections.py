"""What blanks may name of an objection; for those who handle it, as the register sheet (posts.sheets.objection)."""

from django.utils.translation import gettext_lazy as _

from posts.domain.blank_kinds import BlankField, BlankKind, blank_kind, campaign_fields
from posts.models import Objection


def _raised_by(case: Objection) -> str:
    return "匿名" if case.is_anonymous else case.name


def _contact(case: Objection) -> str:
    return "" if case.is_anonymous else case.contact


blank_kind(
    BlankKind(
        "objection",
        _("Objection"),
        Objection,
        rows=lambda user: Objection.objects.visible_to(user).select_related(
            "item__notice__campaign__owner", "item__notice__org_unit", "item__run__nomination__org_unit", "handler"
        ),
        unit_of=lambda case: case.item.notice.org_unit,
        fields=(
            BlankField("异议编号", _("number"), "a7Kd…", lambda case: case.public_id),
            BlankField(
                "公示标题",
                _("title of the notice"),
                "关于2026年度拟命名“党员示范岗”的公示",
                lambda case: case.item.notice.title,
            ),
            BlankField(
                "受理单位", _("receiving body"), "青样镇便民服务中心党支部", lambda case: case.item.notice.org_unit
            ),
            BlankField("岗位名称", _("post concerned"), "便民服务中心综合窗口岗", lambda case: case.item),
            BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda case: case.item.run.nomination.org_unit),
            BlankField("收到日期", _("received on"), "2026年5月12日", lambda case: case.received_at),
            BlankField("反映方式", _("by way of"), "来电", lambda case: case.get_channel_display()),
            BlankField("反映人", _("who raised it; “匿名” without a name"), "样居民", _raised_by),
            BlankField("联系方式", _("contact; empty without a name"), "0000-7654321", _contact),
            BlankField("反映内容", _("what is raised"), "约定的探访没有来。", lambda case: case.text),
            BlankField("核查期限", _("to be verified by"), "2026年5月26日", lambda case: case.due_on),
            BlankField("承办人", _("handled by"), "张样甲", lambda case: case.handler),
            BlankField("核查结论", _("finding"), "经核查，情况不属实。", lambda case: case.finding),
            BlankField("处理结果", _("consequence"), "不影响推荐", lambda case: case.get_effect_display()),
            BlankField("答复", _("reply"), "已向反映人说明。", lambda case: case.reply),
            BlankField("办结日期", _("closed on"), "2026年5月20日", lambda case: case.closed_at),
            BlankField("状态", _("status"), "已办结", lambda case: case.get_status_display()),
            *campaign_fields(lambda case: case.item.notice.campaign),
        ),
        order=45,
    )
)
