"""What blanks may name of a survey: what its report says (assessments.sheets.result), hidden where that hides it."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from assessments.domain.ballots import oversees
from assessments.models import Survey, SurveyResult
from assessments.sheets.result import result_row
from assessments.views.presenters import result_context, signatures_context
from campaigns.models import User
from posts.domain.blank_kinds import BlankField, BlankKind, BlankList, blank_kind
from posts.domain.notice_texts import formal_time


def _of_result(value: Callable[[SurveyResult], object]) -> Callable[[Survey], object]:
    """Nothing before the survey is closed."""
    return lambda survey: value(survey.result) if hasattr(survey, "result") else ""


def _lines(survey: Survey, user: User) -> Iterator[tuple[object, ...]]:
    if hasattr(survey, "result"):
        shown = result_context(survey, full=oversees(user, survey))
        yield from (result_row(line, survey.result.verdict) for line in shown["lines"])


def _signers(survey: Survey, role: str) -> str:
    return "、".join(signatures_context(survey)[role]) if hasattr(survey, "result") else ""


blank_kind(
    BlankKind(
        "survey",
        _("Survey"),
        Survey,
        rows=lambda user: Survey.objects.visible_to(user).for_list(),
        unit_of=lambda case: case.org_unit,
        fields=(
            BlankField("测评名称", _("title of the survey"), "岗前测评：综合窗口示范岗", lambda case: case.title),
            BlankField("组织单位", _("organising unit"), "青样镇便民服务中心党支部", lambda case: case.org_unit),
            BlankField("开始时间", _("opened at"), "2026年7月9日 10:00", lambda case: _at(case.opens_at)),
            BlankField("结束时间", _("closed at"), "2026年7月11日 18:00", lambda case: _at(case.closed_at)),
            BlankField("发出票数", _("ballots issued"), "60", _of_result(lambda result: result.n_issued)),
            BlankField("收回票数", _("ballots returned"), "52", _of_result(lambda result: result.n_ballots)),
            BlankField("纸质票数", _("on paper"), "12", _of_result(lambda result: result.n_paper)),
            BlankField("结论", _("verdict"), "达标", _of_result(lambda result: result.get_verdict_display())),
            BlankField("说明", _("how the verdict came about"), "42 ÷ 52", _of_result(lambda result: result.reason)),
            BlankField("监票人", _("scrutineers"), "孙样甲", lambda case: _signers(case, "scrutineers")),
            BlankField("计票人", _("tellers"), "钱样甲", lambda case: _signers(case, "tellers")),
        ),
        lists=(
            BlankList(
                "结果",
                _("the lines of the ballot, one line each; votes of small groups are not shown to the branch"),
                (
                    BlankField("测评对象", _("line of the ballot"), "岗位：综合窗口示范岗", lambda row: row[0]),
                    BlankField("得票", _("votes"), "满意 42；基本满意 8；不满意 2", lambda row: row[1]),
                    BlankField("有效票", _("valid"), "52", lambda row: row[2]),
                    BlankField("无效票", _("not valid"), "0", lambda row: row[3]),
                    BlankField("计算", _("arithmetic"), "42 ÷ 52 = 80.8 %", lambda row: row[4]),
                    BlankField("是否达标", _("threshold reached or not"), "达标", lambda row: row[5]),
                ),
                _lines,
            ),
        ),
        order=35,
    )
)


def _at(moment) -> str:
    return formal_time(moment) if moment else ""
