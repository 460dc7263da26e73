"""First paint and weight of the voter's pages on a slow phone: see README.md.

    python benchmarks/vote_pages.py [--turns 5]

Real Chromium of 360 × 780 against the site as it is served, each page with an empty cache.
"""

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

KBPS, RTT_MS, CPU = 400, 400, 6
PAINT_LIMIT_MS, WEIGHT_LIMIT = 2000, 50_000
MEMBERS = 6
#: Makes an open survey with a line for the post and one for each of its people, and prints its code and its link.
PREPARE = f"""
from assessments.domain.ballots import make_code_batch
from assessments.domain.voting_links import make_links
from campaigns.domain.appointments import appoint
from campaigns.models import Role, UnitKind
from tests.assessments.helpers import make_open_survey
from tests.factories import MemberFactory, UserFactory, make_unit
committee = make_unit(UnitKind.COMMITTEE, name="中共示例县青样镇委员会")
branch = make_unit(UnitKind.BRANCH, parent=committee, name="青样镇便民服务中心党支部")
secretary, officer = UserFactory(), UserFactory()
appoint(secretary, org_unit=branch, role=Role.SECRETARY, actor=None)
appoint(officer, org_unit=committee, role=Role.OFFICER, actor=None)
elders = [MemberFactory(branch=branch) for _n in range(100)]
people = [MemberFactory(branch=branch, user=UserFactory()) for _n in range({MEMBERS})]
survey = make_open_survey(branch, secretary, people=people)
codes = make_code_batch(survey, n=100, actor=officer, witness="孙样甲")
links = make_links(survey, members=elders, actor=officer, witness="孙样甲")
print(*codes, *[link.token for link in links])
"""


@dataclass
class Seen:
    """One page of the walk: first contentful paint in ms, bytes over the network, files, and whether it is too much."""

    name: str
    paint: float
    weight: int
    requests: int


def emulate(page):
    """A slow phone on slow 3G, with an empty cache for every page; returns the list that the bytes go to."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    speed = KBPS * 1000 / 8
    conditions = {"offline": False, "latency": RTT_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    loaded: list[int] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(int(event["encodedDataLength"])))
    return loaded


def look(page, loaded, name) -> Seen:
    """What the page that has just been asked for took."""
    page.wait_for_load_state("networkidle")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    seen = Seen(name, paint, sum(loaded), len(loaded))
    loaded.clear()
    return seen


def walk(page, url: str, token: str, *, by_link: bool) -> list[Seen]:
    """Entry, (link,) ballot, confirmation, receipt."""
    loaded = emulate(page)
    page.goto(f"{url}/v/")
    seen = [look(page, loaded, "entry")]
    page.fill("#code", token)
    click(page, "#entry button")
    if by_link:
        seen.append(look(page, loaded, "link"))
        click(page, "button[value=open]")
    seen.append(look(page, loaded, "ballot"))
    for line in page.locator("fieldset").all():
        line.locator("label").first.click()
    click(page, "button[value=confirm]")
    seen.append(look(page, loaded, "confirm"))
    click(page, "button[value=cast]")
    seen.append(look(page, loaded, "receipt"))
    page.wait_for_selector(".state-ok")
    return seen


def click(page, selector):
    with page.expect_navigation():
        page.click(selector)


def measure(turns: int) -> dict[str, list[Seen]]:
    from playwright.sync_api import sync_playwright

    from tests.browser import FLAGS, PHONE, find_chromium
    from tests.site import running_site

    found: dict[str, list[Seen]] = {}
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site, sync_playwright() as playwright:
        tokens = site.manage("shell", "-v0", "-c", PREPARE).splitlines()[-1].split()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for turn in range(turns):
            for by_link, token in ((False, tokens[turn]), (True, tokens[100 + turn])):
                context = browser.new_context(locale="zh-CN", **PHONE)
                for seen in walk(context.new_page(), site.url, token, by_link=by_link):
                    found.setdefault(seen.name, []).append(seen)
                context.close()
        browser.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    found = measure(parser.parse_args().turns)
    print(f"{KBPS} kbit/s, {RTT_MS} ms, CPU ÷ {CPU}, {1 + MEMBERS} lines; limits {PAINT_LIMIT_MS} ms, {WEIGHT_LIMIT} B")
    print(f"{'page':10}{'paint, median':>15}{'worst':>8}{'bytes':>9}{'files':>7}")
    failed = False
    for name, rows in found.items():
        paints = [row.paint for row in rows]
        weight, files = max(row.weight for row in rows), max(row.requests for row in rows)
        print(f"{name:10}{statistics.median(paints):>12.0f} ms{max(paints):>5.0f} ms{weight:>9}{files:>7}")
        failed |= statistics.median(paints) > PAINT_LIMIT_MS or weight >= WEIGHT_LIMIT
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
