"""What blanks may name of a review, a rectification and a report; of a report never who made it, nor its own words."""

from django.utils.translation import gettext_lazy as _

from assessments.models import Incident, Rectification, Review
from posts.domain.blank_kinds import BlankField, BlankKind, blank_kind, campaign_fields

_POST = (
    BlankField("岗位名称", _("name of the post"), "便民服务中心综合窗口岗", lambda case: case.conferral.name),
    BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda case: case.conferral.org_unit),
    BlankField("岗位职责", _("duties"), "受理群众申请，限时办结。", lambda case: case.conferral.duties),
    BlankField(
        "成员姓名",
        _("names of the holders"),
        "赵样甲",
        lambda case: "、".join(holder.name for holder in case.conferral.holders.filter(until_on__isnull=True)),
    ),
    *campaign_fields(lambda case: case.conferral.campaign),
)
_RELATED = ("conferral__campaign__owner", "conferral__org_unit")

blank_kind(
    BlankKind(
        "review",
        _("Review"),
        Review,
        rows=lambda user: Review.objects.visible_to(user).select_related(*_RELATED, "rule", "reviewer_unit", "done_by"),
        unit_of=lambda case: case.conferral.org_unit,
        fields=(
            *_POST,
            BlankField("考核名称", _("name of the review"), "月度考核", lambda case: case.rule),
            BlankField("考核期", _("period"), "2026-10", lambda case: case.period),
            BlankField("起始日期", _("period from"), "2026年10月1日", lambda case: case.period_starts_on),
            BlankField("截止日期", _("period until"), "2026年10月31日", lambda case: case.period_ends_on),
            BlankField("考核单位", _("reviewing unit"), "青样镇便民服务中心党支部", lambda case: case.reviewer_unit),
            BlankField("考核结果", _("outcome"), "合格", lambda case: case.get_outcome_display()),
            BlankField("履职情况", _("how the duties were carried out"), "履职良好。", lambda case: case.performance),
            BlankField("存在问题", _("problems found"), "午间值班偶有空岗。", lambda case: case.problems),
            BlankField("群众意见", _("opinions of the masses"), "希望延长服务时间。", lambda case: case.opinions),
            BlankField("理由", _("reasons"), "", lambda case: case.reasons),
            BlankField("考核人", _("done by"), "李样甲", lambda case: case.done_by),
            BlankField("考核日期", _("done at"), "2026年11月4日", lambda case: case.done_at),
        ),
        order=50,
    )
)
blank_kind(
    BlankKind(
        "rectification",
        _("Rectification"),
        Rectification,
        rows=lambda user: Rectification.objects.visible_to(user).select_related(*_RELATED, "checking_unit"),
        unit_of=lambda case: case.conferral.org_unit,
        fields=(
            *_POST,
            BlankField("发现问题", _("finding"), "午间两次空岗。", lambda case: case.finding),
            BlankField("整改要求", _("requirement"), "更新轮班表，落实A、B角。", lambda case: case.requirement),
            BlankField("责任人", _("responsible"), "赵样甲", lambda case: case.responsible),
            BlankField("整改期限", _("due on"), "2026年11月20日", lambda case: case.due_on),
            BlankField("开具日期", _("opened on"), "2026年11月4日", lambda case: case.opened_at),
            BlankField("检查单位", _("checking unit"), "青样镇便民服务中心党支部", lambda case: case.checking_unit),
            BlankField("状态", _("status"), "整改中", lambda case: case.get_status_display()),
        ),
        order=60,
    )
)
blank_kind(
    BlankKind(
        "incident",
        _("Report and verification"),
        Incident,
        rows=lambda user: Incident.objects.visible_to(user).select_related(
            *_RELATED, "ground", "verifier", "decided_by"
        ),
        unit_of=lambda case: case.conferral.org_unit,
        fields=(
            *_POST,
            BlankField("线索来源", _("source"), "群众反映", lambda case: case.get_source_display()),
            BlankField("收到日期", _("reported on"), "2026年10月27日", lambda case: case.reported_at),
            BlankField("核查结论", _("finding"), "属实", lambda case: case.get_finding_display()),
            BlankField("查明事实", _("facts found"), "调阅叫号记录和监控，情况属实。", lambda case: case.finding_text),
            BlankField("当事人陈述", _("statement of the person concerned"), "无异议。", lambda case: case.statement),
            BlankField("认定情形", _("veto ground"), "发生重大责任事故的", lambda case: case.ground),
            BlankField(
                "条款", _("clause of the source"), "第九条", lambda case: case.ground.clause if case.ground else ""
            ),
            BlankField("证据", _("evidence"), "核查报告〔2026〕2号", lambda case: case.evidence_reference),
            BlankField("核查人", _("verified by"), "张样甲", lambda case: case.verifier),
            BlankField("核查日期", _("verified at"), "2026年10月31日", lambda case: case.verified_at),
            BlankField("处理决定", _("decision"), "撤销称号，收回标牌。", lambda case: case.decision_text),
            BlankField("文号", _("document number"), "青示委发〔2026〕15号", lambda case: case.document_number),
            BlankField("决定日期", _("decided at"), "2026年11月2日", lambda case: case.decided_at),
        ),
        order=70,
    )
)
