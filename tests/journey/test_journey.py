"""One campaign from an empty database and an Excel roster to the plaque that is called back, as people see it.

Real processes: web server, Celery worker and beat, broker. The calendar is turned on between the steps; whatever
happens by itself then is the clock's doing.
"""

import subprocess
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
import zxingcpp

from tests.journey.people import people, write_list
from tests.services import postgres, redis
from tests.site import running_site

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(900)]

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNIT_NAME = "中共示例县青样镇委员会"
BRANCH = "青样镇便民服务中心党支部"
POST = "综合窗口示范岗"


@pytest.fixture(params=["embedded", "postgres-redis"])
def site(request, tmp_path):
    found = ("found", UNIT_NAME, "--code", "QY", "--officer", "吴样甲")
    if request.param == "embedded":
        with running_site(tmp_path) as running:
            running.first_words = running.manage(*found)
            yield running
        return
    with (
        postgres() as database,
        redis() as broker,
        running_site(tmp_path, DATABASE_URL=database, CELERY_BROKER_URL=broker) as running,
    ):
        running.first_words = running.manage(*found)
        yield running


def turn(site, *, days=0, hour=9):
    """Turn the calendar on by days, to an hour of the day in Shanghai."""
    day = site.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    site.turn_to(datetime(day.year, day.month, day.day, hour, 7, tzinfo=SHANGHAI))
    return day


def test_one_campaign_from_the_roster_to_the_recalled_plaque(chromium, site, tmp_path):
    turn(site, days=1)
    cast = {
        "officer": "desktop", "secretary": "desktop", "leader": "desktop", "discipline": "desktop",
        "member": "phone", "public": "phone",
    }  # fmt: skip
    with people(chromium, site, **cast) as who:
        set_up_the_organisation(site, who, tmp_path)
        open_a_campaign(site, who)
        nomination = nominate(who)
        hold_the_survey(site, who, nomination, tmp_path)
        publish_and_wait(site, who, nomination)
        consent(site, who, nomination)
        plaque_page = decide_and_hand_over(site, who, nomination)
        review_a_month(site, who)
        veto(site, who, plaque_page)


def set_up_the_organisation(site, who, tmp_path):
    officer = who["officer"]
    password = site.first_words.strip().splitlines()[-1].split("：")[-1].strip()
    officer.sign_in_first("officer", password)
    units = [["QY03", BRANCH, "党支部", "QY"], ["QY05", "上样村党支部", "党支部", "QY"]]
    take_in(officer, "units", write_list(tmp_path / "u.xlsx", ["单位代码", "单位名称", "单位类型", "上级代码"], units))
    members = [
        [f"QY03{n:03}", f"赵样{c}", "QY03", "正式", "2010-07-01", "2011-07-01"]
        for n, c in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯")
    ]
    members += [
        [f"QY05{n:03}", f"钱样{c}", "QY05", "正式", "2012-07-01", "2013-07-01"] for n, c in enumerate("甲乙丙丁")
    ]
    headings = ["党员编号", "姓名", "党支部代码", "党员类别", "入党时间", "转正时间"]
    wrong = [*members, ["QY03099", "=1+1", "QY99", "群众", "2050-01-01", ""]]
    officer.upload("/imports/new/members/", write_list(tmp_path / "wrong.xlsx", headings, wrong))
    officer.sees("20", "姓名", "党支部代码", "党员类别", "入党时间")
    take_in(officer, "members", write_list(tmp_path / "m.xlsx", headings, members))
    posts = [
        ["QY03000", "QY03", "党支部书记"], ["QY05000", "QY05", "党支部书记"],
        ["QY05001", "QY", "党委委员"], ["QY05002", "QY", "纪检委员"], ["QY05003", "QY", "党委书记"],
    ]  # fmt: skip
    take_in(officer, "appointments", write_list(tmp_path / "a.xlsx", ["党员编号", "单位代码", "职务"], posts))
    for person, number in [("secretary", "QY03000"), ("leader", "QY05001"), ("discipline", "QY05002")]:
        who[person].sign_in_first(number.lower(), initial_password(officer, number))


def take_in(officer, kind, file):
    officer.upload(f"/imports/new/{kind}/", file)
    officer.page.locator("form[action$='/confirm/'] .btn-primary").wait_for(timeout=60_000)
    officer.press("form[action$='/confirm/'] .btn-primary")
    officer.page.locator(".note-success").first.wait_for(timeout=60_000)


def open_member(officer, number):
    officer.goto(f"/organization/members/?q={number}").press("td.main a")


def initial_password(officer, number):
    open_member(officer, number)
    officer.press("form[action$='/password/'] button")
    return officer.page.inner_text("code.secret")


def slip(officer, number):
    open_member(officer, number)
    officer.press("a[href*='/slips/']").press()
    return officer.page.inner_text(".slip code").replace("-", "").strip()


def open_a_campaign(site, who):
    officer, today = who["officer"], site.now().astimezone(SHANGHAI).date()
    # The holidays of a year are published the November before: no campaign opens beyond them.
    last_day = today.replace(month=12, day=31)
    officer.goto("/campaigns/create/?scheme=s5").fill(
        title="2026年党员示范岗创建活动",
        basis_document="青示委发〔2026〕3号",
        approving_body=UNIT_NAME,
        scope="镇党委所属各党支部",
        starts_on=today.isoformat(),
        nominations_until=min(today + timedelta(days=30), last_day).isoformat(),
        ends_on=last_day.isoformat(),
    )
    for box in officer.page.locator("input[name=units]").all():
        box.check()
    officer.press("main form button.btn-primary")
    officer.sees("各项齐备，可以启动")
    officer.goto(f"/campaigns/{officer.pk()}/open/").press("main form .btn-primary").sees("进行中")
    who["secretary"].goto("/").sees("2026年党员示范岗创建活动")


def nominate(who):
    """Steps 1 and 2: deliberation, and the paper; too few members are refused in the rule's own words."""
    secretary = who["secretary"]
    secretary.goto("/nominations/new/").press("a:has-text('选择') >> nth=1").press("#unit .btn-primary")
    nomination = secretary.pk()
    secretary.fill(
        name=POST, place="大厅1号窗口", duties="一窗受理，限时办结。", commitment="当日件当日办。",
        reasons="上年度办理九千六百余件，群众评价均为满意。", staff_total="2",
    )  # fmt: skip
    secretary.page.locator("li.pick", has_text="QY03001").locator("input[name=members]").check()
    secretary.press("button[name=submit]").sees("2")
    secretary.page.locator("li.pick", has_text="QY03002").locator("input[name=members]").check()
    secretary.press("button[name=save]")
    run = secretary.goto(f"/nominations/{nomination}/").page.locator("a[href*='/meeting/']").first.get_attribute("href")
    secretary.goto(run).fill(should_attend="14", present="12", minutes="与会党员一致同意推荐。")
    secretary.page.locator("[name=agreed]").first.check()
    secretary.press()
    secretary.goto(f"/nominations/{nomination}/edit/").press("button[name=submit]")
    secretary.goto(f"/nominations/{nomination}/").sees("岗前测评")
    return nomination


def hold_the_survey(site, who, nomination, tmp_path):
    """Step 3: codes from above, a vote by account and votes by code on a phone, closed by the clock."""
    officer, secretary, member, public = who["officer"], who["secretary"], who["member"], who["public"]
    survey = secretary.goto(f"/nominations/{nomination}/").press("main a[href*='/surveys/']").page.url
    officer.goto(survey.replace(site.url, "") + "codes/").fill(n="12", witness="钱样丁")
    with officer.page.expect_download() as download:
        officer.page.locator("main form .btn-primary").click()
    codes = codes_on(download.value.path())
    assert len(set(codes)) == 12
    secretary.goto(survey).press("form.survey-open .btn-primary").sees_not("满意 0")
    for token in slips_of_the_branch(officer)[2:9]:  # the first two are the post itself
        member.sign_in_with_slip(token).goto("/surveys/").press("main a[href^='/v/']")
        cast(member, "satisfied")
    member.goto("/surveys/").sees_not("满意率")
    for code in codes[:5]:
        scan(public, code)
        cast(public, "satisfied")
    scan(public, codes[0])
    public.sees("投过")
    secretary.goto(survey).sees_not("满意率")
    turn(site, days=6, hour=19)
    for person in ("secretary", "officer"):
        who[person].sign_in()
    secretary.waits_for(f"/nominations/{nomination}/", "拟写公示")
    secretary.goto(survey).sees("达标", "有效票满 50 张才公布百分数")


def slips_of_the_branch(officer):
    """Sign-in slips for everybody of the branch who has no password."""
    officer.goto("/organization/members/?q=QY030").press("a[href*='/slips/']").press()
    return [text.replace("-", "").strip() for text in officer.page.locator(".slip code").all_inner_texts()]


def scan(voter, code):
    """A slip's QR code: a fresh page with the code behind the #."""
    voter.page.goto("about:blank")
    voter.goto(f"/v/#{code}").page.locator("#ballot, .state").first.wait_for()


def cast(voter, choice):
    for line in voter.page.locator("fieldset.ballot-line").all():
        line.locator(f"input[value='{choice}']").check()
    voter.press("button[value=confirm]").press("button[value=cast]").sees("投入票箱")


def codes_on(pdf):
    """The codes of the printed slips, as a phone reads them."""
    with pdfplumber.open(pdf) as slips:
        pages = [page.to_image(resolution=150).original for page in slips.pages]
    return [code.text.partition("#")[2] for page in pages for code in zxingcpp.read_barcodes(page)]


def publish_and_wait(site, who, nomination):
    """Step 4: on notice; the sheet is a PDF, the page is public, the last second still counts."""
    secretary, public = who["secretary"], who["public"]
    secretary.goto(f"/nominations/{nomination}/").press("main a[href*='/notices/new/']").press("button[value=publish]")
    public.goto("/n/").press("main a[href^='/n/']").sees(POST, BRANCH)
    notice_address = public.page.url
    turn(site, days=14)
    public.page.goto(notice_address)
    public.sees_not("赵样乙")
    secretary.sign_in().waits_for(f"/nominations/{nomination}/", "本人意愿")


def consent(site, who, nomination):
    """Step 5: one member on his phone, the other on paper."""
    member, secretary = who["member"], who["secretary"]
    member.sign_in_with_slip(slip(who["officer"].sign_in(), "QY03001"))
    member.goto("/").press("main a[href*='/consents/']").press("button[value=agreed]")
    secretary.goto(f"/nominations/{nomination}/").press("form[action*='/consents/'] button[value=agreed]")
    secretary.goto("/decisions/waiting/").sees(POST)


def decide_and_hand_over(site, who, nomination):
    """Steps 6 and 7: quietly, then released; the plaque is a PDF with a number and goes on show."""
    secretary, public = who["secretary"], who["public"]
    secretary.goto("/decisions/waiting/").page.locator("input[name=run]").first.check()
    secretary.press("button[value=approved]").fill(meeting="支部委员会会议", document_number="便民支〔2026〕3号").press(
        "main form .btn-primary"
    )
    who["member"].goto(f"/nominations/{nomination}/").sees_not("便民支〔2026〕3号")
    secretary.press("form[action$='/release/'] .btn-primary")
    keeper = secretary if secretary.goto("/plaques/").page.locator("input[name=plaque]").count() else who["officer"]
    keeper.goto("/plaques/").sees("QY-2026-T-001" if site.now().year == 2026 else "-T-001")
    assert POST in words_of(pdf_of_the_first_plaque(keeper))
    keeper.goto("/plaques/").press("a[href*='/hand-over/']").fill(received_by="赵样乙").press("main form .btn-primary")
    keeper.goto("/posts/").press("td.main a")
    address = keeper.page.locator("a[href*='/p/']").first.get_attribute("href")
    public.goto(address).sees("有效", POST, "赵样乙", "赵样丙")
    return address


def pdf_of_the_first_plaque(keeper):
    """What the preview sends; the browser shows it in a window of its own."""
    page = keeper.goto("/plaques/print/?all=1").page
    form = page.locator("form:has([value=preview])")
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))") | {"do": "preview"}
    answer = page.context.request.post(page.url, form=fields, headers={"Referer": page.url})
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def words_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\n", "")


def review_a_month(site, who):
    """The clock opens the review of the month after it has ended; a holder speaks, the others let their days pass."""
    secretary, member = who["secretary"], who["member"]
    today = site.now().astimezone(SHANGHAI).date()
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=2)
    turn(site, days=(next_month - today).days)
    secretary.sign_in().waits_for("/reviews/", POST)
    review = secretary.press("main td.main a, main a[href^='/reviews/']:has-text('示范岗')").page.url
    member.sign_in_with_slip(slip(who["officer"].sign_in(), "QY03001"))
    member.goto("/").press("main a[href*='/voice/self/']").fill(
        text="本月办件八百件，无超时。", grade="qualified"
    ).press("main form .btn-primary")
    turn(site, days=12)
    secretary.sign_in().goto(review).sees("本月办件八百件")
    secretary.fill(performance="履职践诺情况良好。", outcome="pass", reasons="达到标准。").press(
        "main form .btn-primary"
    )
    secretary.sees("履职践诺情况良好")


def veto(site, who, plaque_page):
    """Reported by the public, verified by one, decided by another; everything changes at once, and a ban follows."""
    public, discipline, leader = who["public"], who["discipline"], who["leader"]
    public.goto(plaque_page).press("a[href$='/report/']").fill(text="窗口人员收取群众红包，有转账记录为证，请查。")
    public.page.wait_for_timeout(3500)
    public.press(".submitbar .btn-primary")
    public.goto(plaque_page).sees("有效")
    who["secretary"].goto("/").sees_not("红包")
    discipline.sign_in().goto("/incidents/").press("main a[href^='/incidents/']:has-text('示范岗')")
    incident = discipline.page.url
    discipline.press("form[action$='/take-up/'] .btn-primary")
    discipline.goto(incident + "finding/").fill(
        finding="verified",
        finding_text="经查属实，纪委已给予警告处分。",
        statement="承认事实。",
        evidence_reference="核查报告1号",
    )
    choose_first_ground(discipline)
    discipline.press("main form .btn-primary")
    leader.sign_in().goto(incident + "veto/").sees("-T-001")
    leader.fill(decision_text="经研究，决定撤销称号，收回标牌。", document_number="青示委发〔2026〕15号").press(
        "main form .btn-primary"
    )
    public.goto(plaque_page).sees("已撤销", "标牌不再有效")
    who["officer"].sign_in().goto("/plaques/?status=recalled").sees("-T-001")
    who["officer"].goto("/posts/").press("td.main a").sees("限制", "赵样乙", "赵样丙", str(site.now().year))


def choose_first_ground(person):
    field = person.page.locator("main [name=ground]")
    if field.first.evaluate("e => e.tagName") == "SELECT":
        field.first.select_option(index=1)
    else:
        person.page.locator("main [name=ground]:not([value=''])").first.check()
