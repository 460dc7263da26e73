"""What blanks may name of a nomination, a post, a notice and a decision."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import User
from posts.domain.blank_kinds import BlankField, BlankKind, BlankList, blank_kind, campaign_fields
from posts.domain.figures import survey_figures
from posts.models import Conferral, Decision, Nomination, NominationMember, Notice
from posts.sheets.opinions import opinion_boxes


def _names(people) -> str:
    return "、".join(person.name for person in people)


def _people(nomination: Nomination):
    rows = NominationMember.objects.filter(nomination=nomination, dropped_at__isnull=True)
    return rows.select_related("member__branch")


def _listed(nomination: Nomination) -> str:
    """The same from rows that a list has loaded already."""
    return _names(person for person in nomination.members.all() if not person.dropped_at)


def _branch(person) -> object:
    return person.member.branch if person.member else ""


def _opinions(nomination: Nomination, user: User):
    return opinion_boxes(nomination, user)


def _holders(conferral: Conferral, _user: User):
    return conferral.holders.filter(until_on__isnull=True).select_related("member__branch")


_PERSON = (
    BlankField("姓名", _("name"), "赵样甲", lambda person: person.name),
    BlankField("性别", _("sex"), "女", lambda person: person.member.get_gender_display() if person.member else ""),
    BlankField(
        "职务", _("position held"), "窗口负责人", lambda person: person.member.position if person.member else ""
    ),
    BlankField(
        "入党时间", _("date joined"), "2010年7月1日", lambda person: person.member.joined_on if person.member else ""
    ),
    BlankField("所在党支部", _("Party branch"), "便民服务中心党支部", _branch),
    BlankField("分工", _("task in the post"), "综合受理", lambda person: person.duty),
)

_POST = (
    BlankField("岗位名称", _("name of the post"), "便民服务中心综合窗口岗", lambda case: case.name),
    BlankField("岗位类型", _("kind of post"), "个人示范岗", lambda case: case.post_kind),
    BlankField("岗位类别", _("category"), "窗口服务", lambda case: case.category),
    BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda case: case.org_unit),
    BlankField("地点", _("place"), "一楼大厅3号窗", lambda case: case.place),
    BlankField("岗位职责", _("duties"), "受理群众申请，一次告知，限时办结。", lambda case: case.duties),
    BlankField("承诺事项", _("commitment"), "首问负责，当日办结。", lambda case: case.commitment),
    BlankField("监督电话", _("supervision telephone"), "0000-1234567", lambda case: case.contact_phone),
)

blank_kind(
    BlankKind(
        "nomination",
        _("Nomination"),
        Nomination,
        rows=lambda user: Nomination.objects.visible_to(user).select_related(
            "campaign__owner", "post_kind", "org_unit"
        ),
        unit_of=lambda case: case.org_unit,
        fields=(
            *_POST,
            BlankField("申报编号", _("number"), "QY-2026-0007", lambda case: case.number),
            BlankField("申报理由", _("reasons and deeds"), "全年办理三千二百件，无一投诉。", lambda case: case.reasons),
            BlankField("成员姓名", _("names of the members"), "赵样甲、钱样乙", lambda case: _names(_people(case))),
            BlankField("岗位总人数", _("people in the post"), "5", lambda case: case.staff_total),
            BlankField(
                "党员人数", _("Party members"), "2", lambda case: _people(case).filter(member__isnull=False).count()
            ),
            BlankField("提交日期", _("day of submission"), "2026年5月6日", lambda case: case.submitted_at),
            BlankField("状态", _("status"), "办理中", lambda case: case.get_status_display()),
            BlankField(
                "测评情况",
                _("result of the survey"),
                "收回52票，发出60票；满意42 ÷ 有效52 = 80 %",
                lambda case: "\n".join(survey_figures(case)),
            ),
            *campaign_fields(lambda case: case.campaign),
        ),
        lists=(
            BlankList("成员", _("the members, one line each"), _PERSON, lambda case, user: _people(case)),
            BlankList(
                "意见",
                _("the opinions of the bodies on the way, one line each"),
                (
                    BlankField("步骤", _("step"), "党支部推荐意见", lambda box: box.label),
                    BlankField("内容", _("what was said"), "同意推荐。", lambda box: box.text),
                    BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda box: box.unit),
                    BlankField("日期", _("day"), "2026年5月8日", lambda box: box.day),
                ),
                _opinions,
            ),
        ),
        order=10,
    )
)
blank_kind(
    BlankKind(
        "post",
        _("Named post"),
        Conferral,
        rows=lambda user: Conferral.objects.visible_to(user).select_related(
            "campaign__owner", "post_kind", "org_unit", "decision__org_unit"
        ),
        unit_of=lambda case: case.org_unit,
        fields=(
            *_POST,
            BlankField("命名日期", _("conferred on"), "2026年7月1日", lambda case: case.conferred_on),
            BlankField("挂牌日期", _("displayed since"), "2026年7月6日", lambda case: case.displayed_on),
            BlankField(
                "命名文号",
                _("document of the naming"),
                "青示委发〔2026〕7号",
                lambda case: case.decision.document_number,
            ),
            BlankField("命名单位", _("deciding body"), "中共示例县青样镇委员会", lambda case: case.decision.org_unit),
            BlankField("状态", _("state"), "有效", lambda case: case.get_status_display()),
            BlankField("成员姓名", _("names of the holders"), "赵样甲", lambda case: _names(_holders(case, None))),
            BlankField(
                "标牌编号",
                _("numbers of the plaques"),
                "QY-2026-P-002",
                lambda case: "、".join(plaque.number for plaque in case.plaques.all()),
            ),
            *campaign_fields(lambda case: case.campaign),
        ),
        lists=(
            BlankList("成员", _("the holders, one line each"), _PERSON, _holders),
            BlankList(
                "标牌",
                _("the plaques, one line each"),
                (
                    BlankField("编号", _("plaque number"), "QY-2026-P-002", lambda plaque: plaque.number),
                    BlankField("状态", _("state"), "已摆放", lambda plaque: plaque.get_status_display()),
                    BlankField("发放日期", _("handed over on"), "2026年7月6日", lambda plaque: plaque.issued_on),
                    BlankField("领取人", _("received by"), "赵样甲", lambda plaque: plaque.received_by),
                    BlankField("收回日期", _("returned on"), "", lambda plaque: plaque.returned_on),
                ),
                lambda case, user: case.plaques.all(),
            ),
        ),
        order=20,
    )
)
blank_kind(
    BlankKind(
        "notice",
        _("Public notice"),
        Notice,
        rows=lambda user: Notice.objects.visible_to(user).select_related("campaign__owner", "org_unit"),
        unit_of=lambda case: case.org_unit,
        fields=(
            BlankField(
                "标题", _("title of the notice"), "关于2026年度拟命名“党员示范岗”的公示", lambda case: case.title
            ),
            BlankField("正文", _("text"), "根据《…》，经支部推荐，拟命名3个岗位……", lambda case: case.text),
            BlankField("公示单位", _("publishing unit"), "青样镇便民服务中心党支部", lambda case: case.org_unit),
            BlankField("起始日期", _("first day"), "2026年5月11日", lambda case: case.starts_on),
            BlankField("截止日期", _("last day"), "2026年5月15日", lambda case: case.ends_on),
            BlankField("公示天数", _("length in days"), "5", lambda case: case.days),
            BlankField(
                "受理部门", _("office that takes objections"), "镇党建办", lambda case: case.contact.get("office")
            ),
            BlankField("受理电话", _("telephone"), "0000-1234567", lambda case: case.contact.get("phone")),
            BlankField("受理地址", _("address"), "示范路1号", lambda case: case.contact.get("address")),
            BlankField("受理时间", _("office hours"), "工作日8:30—17:30", lambda case: case.contact.get("hours")),
            *campaign_fields(lambda case: case.campaign),
        ),
        lists=(
            BlankList(
                "名单",
                _("the posts on the notice, one line each"),
                (
                    BlankField("岗位名称", _("post"), "便民服务中心综合窗口岗", lambda item: item.snapshot.get("post")),
                    BlankField("岗位类型", _("kind"), "个人示范岗", lambda item: item.snapshot.get("kind")),
                    BlankField("单位", _("unit"), "青样镇便民服务中心党支部", lambda item: item.snapshot.get("unit")),
                ),
                lambda case, user: case.items.live(),
            ),
        ),
        order=30,
    )
)
blank_kind(
    BlankKind(
        "decision",
        _("Decision with its list"),
        Decision,
        rows=lambda user: Decision.objects.visible_to(user).select_related("campaign__owner", "org_unit"),
        unit_of=lambda case: case.org_unit,
        fields=(
            BlankField("决定单位", _("deciding body"), "中共示例县青样镇委员会", lambda case: case.org_unit),
            BlankField("文号", _("document number"), "青示委发〔2026〕7号", lambda case: case.document_number),
            BlankField("会议", _("meeting"), "镇党委会议", lambda case: case.meeting),
            BlankField("决定日期", _("decided on"), "2026年7月1日", lambda case: case.held_on),
            BlankField("事项", _("effect"), "命名", lambda case: case.get_effect_display()),
            BlankField("批次", _("round"), "七一", lambda case: case.round_label),
            *campaign_fields(lambda case: case.campaign),
        ),
        lists=(
            BlankList(
                "名单",
                _("the posts decided on, one line each"),
                (
                    BlankField("岗位名称", _("post"), "便民服务中心综合窗口岗", lambda item: item.run.nomination.name),
                    BlankField("岗位类型", _("kind"), "个人示范岗", lambda item: item.run.nomination.post_kind),
                    BlankField(
                        "单位", _("unit"), "青样镇便民服务中心党支部", lambda item: item.run.nomination.org_unit
                    ),
                    BlankField(
                        "成员姓名",
                        _("names of the members"),
                        "赵样甲",
                        lambda item: _listed(item.run.nomination),
                    ),
                    BlankField("结果", _("outcome"), "批准", lambda item: item.get_outcome_display()),
                    BlankField("理由", _("reason"), "", lambda item: item.reason),
                ),
                lambda case, user: case.items_for_page(user),
            ),
        ),
        order=40,
    )
)
