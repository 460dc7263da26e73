"""The year of the demonstration: two campaigns, posts at every step, one failed, one contested, one revoked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from assessments.demo.days import ago
from assessments.demo.life import tell_life
from assessments.demo.papers import tell_papers
from assessments.demo.steps import Cases, run_of
from assessments.demo.town import Town, build_town
from assessments.rehearsal.days import at
from campaigns.domain.campaigns import create_campaign, open_campaign
from campaigns.domain.clock import tick
from campaigns.models import Campaign
from posts.domain.nominations import return_nomination, withdraw_nomination
from posts.domain.objections import file_objection
from posts.models import Nomination, NoticeItem

SCHEMES = Path(settings.BASE_DIR) / "campaigns" / "schemes"


def start_campaign(town: Town, scheme: str, *, title: str, document: str, days_ago: int) -> Campaign:
    """The office makes a campaign from a scheme and opens it."""
    officer, owner = town.people["demo-officer"], town.units["QY"]
    opening, today = ago(days_ago), timezone.localdate()
    with at(opening, 8, 30):
        campaign = create_campaign(
            (SCHEMES / scheme).read_text(encoding="utf-8"),
            owner=owner,
            actor=officer,
            year=today.year,
            title=title,
            basis_document=document,
            approving_body="中共示例县青样镇委员会",
            scope="镇党委所属各党支部",
            starts_on=opening,
            nominations_until=today + timedelta(days=12),
            ends_on=today + timedelta(days=120),
        )
        return open_campaign(campaign, actor=officer)


def tell_named_posts(cases: Cases) -> list[Nomination]:
    """Five posts that went all the way in summer; another got its title, and waits for its plaque."""
    first = [cases.nominate(key, ago(140)) for key in ("hall", "relief", "vaccine", "doctor")]
    for nomination, satisfied, others in zip(first, (14, 13, 11, 12), (1, 2, 1, 0), strict=True):
        cases.survey(nomination, ago(136), satisfied=satisfied, others=others)
    last_days = [cases.publish(first[:2], ago(131)), cases.publish(first[2:], ago(131))]
    cases.end_notice(max(last_days))
    for nomination in first:
        cases.consent(nomination, ago(120))
    cases.decide(first, ago(117), number="青示委发〔2026〕7号")
    for nomination in first:
        cases.hand_over(nomination, ago(112))
    return first


def tell_posts_under_way(cases: Cases) -> None:
    """Posts at every later step: decided, undecided, on notice with an objection, to be agreed to, being voted on."""
    _failed_at_79_8(cases)
    keys = ("papers", "visits", "records")
    waiting = [cases.nominate(key, ago(40)) for key in keys]
    for nomination in waiting:
        cases.survey(nomination, ago(36), satisfied=17, others=2)
    cases.end_notice(cases.publish(waiting, ago(31)))
    for nomination in waiting:
        cases.consent(nomination, ago(17))
    cases.decide(waiting[:1], ago(6), number="青示委发〔2026〕19号")
    cases.decide(waiting[2:], ago(2), number="青示委发〔2026〕23号", release=False)
    _consent_and_notice(cases)
    _objection(cases)
    _surveys(cases)
    _beginnings(cases)


def _failed_at_79_8(cases: Cases) -> None:
    """399 of 500: 79.8 % reads like 80 and is not."""
    nomination = cases.nominate("veterans", ago(60))
    cases.survey(nomination, ago(57), satisfied=399, others=101, codes=490)


def _consent_and_notice(cases: Cases) -> None:
    patrol = cases.nominate("patrol", ago(30))
    cases.survey(patrol, ago(27), satisfied=23, others=1)
    cases.end_notice(cases.publish([patrol], ago(22)))
    tea = cases.nominate("tea", ago(14))
    cases.survey(tea, ago(10), satisfied=28, others=3)


def _objection(cases: Cases) -> None:
    elders = cases.nominate("elders", ago(16))
    cases.survey(elders, ago(11), satisfied=20, others=2)
    cases.publish([elders], ago(3))
    with at(ago(2), 15):
        item = NoticeItem.objects.get(run__nomination=elders)
        file_objection(
            item,
            text="反映该同志上月有两次约定的探访没有来，希望核实。",
            is_anonymous=False,
            name="样居民",
            contact="0000-7654321",
        )


def _surveys(cases: Cases) -> None:
    river = cases.nominate("river", ago(9))
    survey, codes = cases.open_survey(river, ago(2), days=6, codes=40)
    cases.vote(survey, ago(1), satisfied=12, others=1, codes=codes)
    cases.nominate("subsidy", ago(4))


def _beginnings(cases: Cases) -> None:
    cases.nominate("forest", ago(3), submit=False)
    aftercare = cases.nominate("aftercare", ago(12))
    cases.survey(aftercare, ago(9), satisfied=12, others=11)


def tell_second_campaign(cases: Cases) -> None:
    """The sub-district scheme: deliberation first, the branch decides. Something waits for the member of the demo."""
    hotline = cases.nominate("hotline", ago(30))
    cases.survey(hotline, ago(26), satisfied=14, others=1)
    cases.end_notice(cases.publish([hotline], ago(21)))
    withdrawn = cases.nominate("aftercare", ago(20))
    with at(ago(18), 11):
        withdraw_nomination(withdrawn, actor=cases.secretary_of(withdrawn), reason="因岗位人员变动，暂不推荐。")
    errands = cases.nominate("errands", ago(8))
    survey, codes = cases.open_survey(errands, ago(1), days=5, codes=30)
    cases.vote(survey, ago(1), satisfied=5, others=0, codes=codes[:3])
    _return_for_correction(cases)


def _return_for_correction(cases: Cases) -> None:
    """A paper that came as far as the decision and was sent back with a reason."""
    school = cases.nominate("school", ago(38))
    cases.survey(school, ago(35), satisfied=17, others=1)
    cases.end_notice(cases.publish([school], ago(30)))
    cases.consent(school, ago(18))
    with at(ago(4), 17):
        return_nomination(
            run_of(school),
            actor=cases.secretary_of(school),
            reason="承诺事项偏笼统，请写明频次和时限后再报。",
        )


def tell_story(say: Callable[[str], object] = lambda _line: None) -> Town:
    """The whole year, morning by morning."""
    town = build_town()
    say("· 青样镇：党委、十三个支部、三百余名党员")
    main = Cases(
        town,
        start_campaign(
            town,
            "default.toml",
            title=f"{timezone.localdate().year}年度党员示范岗创建活动",
            document="青示委发〔2026〕3号",
            days_ago=150,
        ),
    )
    named = tell_named_posts(main)
    tell_papers(main, named)
    say("· 四个岗位已命名授牌，命名决定已印发")
    tell_life(main, named)
    say("· 考核、整改、一票否决")
    tell_posts_under_way(main)
    say("· 在途岗位：测评、公示、异议、本人意愿、待审批")
    second = start_campaign(
        town, "s5.toml", title="“五亮五创五评”党员示范岗创建活动", document="青示工委〔2026〕5号", days_ago=45
    )
    tell_second_campaign(Cases(town, second))
    say("· 街道（镇）方案的活动")
    tick()
    return town
