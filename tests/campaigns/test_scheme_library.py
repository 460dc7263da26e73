"""The library: finding, reading, comparing, replacing and removing schemes; taking the rules of a campaign along."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.domain.campaigns import create_campaign
from campaigns.domain.library import find_entry, library, shipped_files, store_scheme
from campaigns.domain.rule_files import rules_as_file
from campaigns.domain.schemes import examine_scheme, load_scheme
from campaigns.models import JournalEntry, Scheme, SchemeDraft
from campaigns.schemes.compare import compare_schemes
from campaigns.schemes.traits import traits_of, ways_of
from tests.campaigns.test_schemes import SMALL

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def small(**codes):
    return SMALL.replace('code = "small"', 'code = "{code}"'.format(**codes)) if codes else SMALL


# The list


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "小方案"}, ["small"]),
        ({"q": "小方案 推荐"}, ["small"]),
        ({"q": "小方案 测评"}, []),
        ({"origin": "own"}, ["small"]),
        ({"origin": "own", "holder": "zone"}, []),
        ({"origin": "own", "holder": "person"}, ["small"]),
        ({"origin": "own", "owner": "branch"}, ["small"]),
    ],
)
def test_the_library_finds_by_words_kind_of_post_owner_and_origin(client, officer, wanted, found):
    store_scheme(SMALL, actor=officer)
    client.force_login(officer)

    response = client.get(page("scheme_list"), wanted)

    assert [card.entry.code for card in response.context["cards"]] == found
    assert ("没有符合的方案" in response.text) is (found == [])


def test_the_library_shows_everybodys_schemes_but_only_ones_own_drafts(client, officer, secretary):
    store_scheme(SMALL, actor=officer)
    client.force_login(officer)
    client.post(page("scheme_draft_start"), {"from": "small"})
    assert "小方案（副本）" in client.get(page("scheme_list")).text

    client.force_login(secretary)
    text = client.get(page("scheme_list")).text
    assert "小方案" in text
    assert "副本" not in text
    assert "新写一份" not in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_library_asks_as_often_for_one_scheme_as_for_three(
    client, officer, quiet_menu, django_assert_num_queries, number
):
    for i in range(number):
        store_scheme(small(code=f"small{i}"), actor=officer)
        client.force_login(officer)
        client.post(page("scheme_draft_start"), {"from": f"small{i}"})
    client.get(page("scheme_list"))

    with django_assert_num_queries(4):
        client.get(page("scheme_list"))


def test_what_makes_a_scheme_special_is_told_from_its_data():
    scheme = find_entry("default").scheme

    told = {trait.subject: trait.text for trait in traits_of(scheme)}

    assert told["决定"] == "由党委命名"
    assert told["测评"] == "满意票80%以上"
    assert told["公示"] == "5个工作日"
    assert all(way.steps for way in ways_of(scheme))


# The page to read


@pytest.mark.parametrize("code", ["default", "small"])
def test_the_page_tells_each_step_with_who_and_each_chapter_once(client, secretary, officer, code):
    store_scheme(SMALL, actor=officer)
    client.force_login(secretary)

    response = client.get(page("scheme_detail", code))

    scheme = find_entry(code).scheme
    assert all(stage.label in response.text for stage in scheme.stages_of(scheme.kinds[0]))
    anchors = [chapter.anchor for chapter in response.context["chapters"]]
    assert len(anchors) == len(set(anchors))
    assert all(f'href="#{anchor}"' in response.text and f'id="{anchor}"' in response.text for anchor in anchors)
    assert response.context["chapters"][0].number == "一"
    assert "复制后修改" not in response.text


def test_a_rubric_shows_its_heading_and_the_sum_of_its_items(client, secretary, officer):
    rubric = """
[[rubrics]]
code = "points"
title = "细则"
[[rubrics.sections]]
label = "氛围"
stated = 10
items = [{ number = "1", text = "健全", points = 11 }]
"""
    store_scheme(SMALL + rubric, actor=officer)
    client.force_login(secretary)

    assert "标题写10分，条目合计11分" in client.get(page("scheme_detail", "small")).text


# Side by side


def test_a_scheme_does_not_differ_from_itself():
    for entry in library():
        assert [s.title for s in compare_schemes(entry.scheme, entry.scheme) if s.differences] == []


def test_a_single_changed_rule_is_the_only_difference():
    left = load_scheme(SMALL)
    right = load_scheme(SMALL.replace('label = "推荐"\nactor = "branch"', 'label = "推荐"\nactor = "general_branch"'))

    rows = [row for subject in compare_schemes(left, right) for row in subject.rows if row.differs]

    assert [(row.left.who, row.right.who) for row in rows] == [("党支部", "党总支")]


def test_steps_of_the_same_kind_stand_beside_each_other():
    notice = '[[pipelines.usual]]\nkind = "notice"\nlabel = "公示"\nactor = "branch"\n\n'
    longer = SMALL.replace('[[pipelines.usual]]\nkind = "decide"', notice + '[[pipelines.usual]]\nkind = "decide"')

    subjects = compare_schemes(load_scheme(SMALL), load_scheme(longer))

    rows = next(subject for subject in subjects if subject.steps).rows
    assert [(row.left and row.left.kind, row.right.kind) for row in rows] == [
        ("nominate", "nominate"),
        (None, "notice"),
        ("decide", "decide"),
    ]


def test_a_kind_that_only_one_scheme_has_stands_alone():
    left = load_scheme(SMALL)
    team = replace(left.kinds[0], code="team", label="集体", holder="team")
    right = replace(left, kinds=(*left.kinds, team))

    subjects = compare_schemes(left, right)

    alone = [subject.title for subject in subjects if subject.rows and all(row.left is None for row in subject.rows)]
    assert len(alone) == 2


def test_two_schemes_are_compared_on_a_page_and_only_the_differences_on_request(client, secretary):
    client.force_login(secretary)
    both = client.get(page("scheme_compare"), {"a": "default", "b": "s5"})
    only = client.get(page("scheme_compare"), {"a": "default", "b": "s5", "only": "1"})

    assert both.context["differences"] == only.context["differences"] > 0
    assert all(row.differs for subject in only.context["subjects"] for row in subject.rows)
    assert not all(row.differs for subject in both.context["subjects"] for row in subject.rows)
    assert client.get(page("scheme_compare"), {"a": "none"}).status_code == 404
    assert "内容相同" in client.get(page("scheme_compare"), {"a": "s5", "b": "s5", "only": "1"}).text


# Own schemes: replaced and removed


def test_an_own_scheme_is_replaced_only_after_one_has_seen_what_changes(client, officer):
    stored = store_scheme(SMALL, actor=officer)
    client.force_login(officer)
    changed = SMALL.replace("小方案", "新方案")

    asked = client.post(page("scheme_upload"), {"text": changed})
    assert "替换方案" in asked.text
    assert Scheme.objects.get().title == "小方案"

    client.post(page("scheme_upload"), {"text": asked.context["text"], "replaces": stored.sha256})
    assert Scheme.objects.get().title == "新方案"


def test_a_replacement_that_comes_too_late_is_refused(client, officer):
    first = store_scheme(SMALL, actor=officer)
    store_scheme(SMALL.replace("小方案", "别人的"), actor=officer, replaces=first.sha256)
    client.force_login(officer)

    response = client.post(page("scheme_upload"), {"text": SMALL.replace("小方案", "我的"), "replaces": first.sha256})

    assert response.status_code == 400
    assert "已被别人改过" in response.text
    assert Scheme.objects.get().title == "别人的"


def test_an_own_scheme_is_removed_and_the_journal_keeps_it(client, officer, secretary):
    stored = store_scheme(SMALL, actor=officer)
    client.force_login(secretary)
    assert client.post(page("scheme_remove", "small")).status_code == 403
    client.force_login(officer)
    assert client.post(page("scheme_remove", "small"), {"sha256": "0" * 64}).status_code == 409

    client.post(page("scheme_remove", "small"), {"sha256": stored.sha256})

    assert find_entry("small") is None
    assert JournalEntry.objects.get(kind="scheme_removed").actor == officer


def test_the_history_of_an_own_scheme_names_who_stored_it(client, officer):
    store_scheme(SMALL, actor=officer)
    client.force_login(officer)

    response = client.get(page("scheme_detail", "small"))

    assert [line.who for line in response.context["history"]] == [officer.name]
    assert page("scheme_remove", "small") in response.text


# Bad files


def test_a_faulty_file_can_be_mended_in_the_form_editor(client, officer):
    client.force_login(officer)
    faulty = SMALL.replace('honour = "示范岗"\n', "").replace('holder = "person"', 'holder = "robot"')
    response = client.post(page("scheme_upload"), {"text": faulty})
    assert "用表格修改" in response.text

    response = client.post(page("scheme_draft_start"), {"text": response.context["text"]}, follow=True)

    assert [pointer.where for pointer in response.context["pointers"]] == [
        "方案本身 › 授予称号",
        "岗位类型 › 个人 › 由谁担任",
    ]
    assert not Scheme.objects.exists()
    assert SchemeDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00\xff" * 1_000_000, "KB"),
        (SMALL.encode("gb18030"), "UTF-8"),
        (SMALL.replace("小方案", "小\x00方案").encode(), "TOML"),
        (b"a = " + b"[" * 50_000, "TOML"),
        (b"# nothing", "缺这个键"),
    ],
)
def test_every_bad_file_gets_a_sentence_and_nothing_is_stored(client, officer, content, sentence):
    client.force_login(officer)

    response = client.post(page("scheme_upload"), {"file": SimpleUploadedFile("x.toml", content)})

    assert response.status_code == 400
    assert sentence in response.text
    assert not Scheme.objects.exists()


def test_a_code_that_is_an_address_is_refused(client, officer):
    client.force_login(officer)

    response = client.post(page("scheme_upload"), {"text": small(code="compare")})

    assert response.status_code == 400
    assert not Scheme.objects.exists()


# The rules of a campaign


@pytest.mark.parametrize("code", [path.stem for path in shipped_files()])
def test_the_rules_of_a_campaign_are_a_scheme_again(officer, committee, code):
    entry = find_entry(code)
    campaign = create_campaign(entry.text, owner=committee, actor=officer, year=2026)

    text = rules_as_file(campaign)

    scheme = examine_scheme(text).scheme
    assert scheme.scheme.code == f"{code}_2026"
    assert replace(scheme, scheme=entry.scheme.scheme) == entry.scheme
    assert text.count("#") == entry.text.count("#")


def test_the_rules_of_a_campaign_carry_its_own_figures_and_dates(officer, committee):
    quota = '\n[[quotas]]\ncode = "share"\nscope = "branch"\n'
    campaign = create_campaign(SMALL + quota, owner=committee, actor=officer, year=2026)
    campaign.quotas.update(params={"percent": 10})
    step = campaign.kinds.get().stages.get(position=1)
    step.duration_days, step.due_on = 7, date(2026, 6, 15)
    step.save()

    raw = tomllib.loads(rules_as_file(campaign))

    assert raw["quotas"] == [{"code": "share", "scope": "branch", "percent": 10}]
    assert (raw["pipelines"]["usual"][0]["days"], raw["pipelines"]["usual"][0]["due"]) == (7, "06-15")


def test_the_rules_of_a_campaign_are_downloaded_by_those_who_see_it(client, officer, stranger, committee):
    campaign = create_campaign(SMALL, owner=committee, actor=officer, year=2026)
    client.force_login(officer)
    assert tomllib.loads(client.get(page("campaign_rules", campaign.pk)).text)["scheme"]["code"] == "small_2026"

    client.force_login(stranger)
    assert client.get(page("campaign_rules", campaign.pk)).status_code == 404
