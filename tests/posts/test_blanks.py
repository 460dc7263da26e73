"""The units' own blanks: who keeps them, for whom they hold, what they say, and that history stays."""

import io
import sys

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.models import JournalEntry
from posts.documents import office
from posts.documents.blank_file import read_word_file
from posts.documents.blank_starter import starter_blank
from posts.documents.blank_template import fill_blank, find_faults
from posts.domain.blank_kinds import each_blank_kind, find_blank_kind
from posts.domain.blanks import BlankFaultsError, blanks_for, fill_for, keep_blank, retire_blank, versions_of
from posts.domain.notices import publish_notice
from posts.domain.pipeline import current_run
from posts.domain.sheet_kinds import menu_of
from posts.models import Blank, PrintJob
from tests.factories import MemberFactory
from tests.posts import cases
from tests.posts.words import text_of, upload, word

PLEDGE = word("{{ 称号 }}：{{ 岗位名称 }}（{{ 成员姓名 }}）", "{{ 单位 }}", footer="{{ 主办组织 }}")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path


@pytest.fixture
def conferral(committee, branch, committee_member, officer):
    return cases.make_conferral(
        cases.make_kind(committee), branch, decider=committee_member, releaser=officer,
        members=[MemberFactory(branch=branch, name="赵样喆")],
    )  # fmt: skip


@pytest.fixture
def blank(committee, officer):
    return keep_blank(committee, actor=officer, kind="post", title="履岗卡", upload=upload(PLEDGE, "我的 模板.docx"))


def test_a_blank_of_the_committee_is_filled_for_a_post_of_its_branch(blank, conferral, secretary):
    text = text_of(fill_for(blank, conferral, user=secretary))

    assert "党员示范岗：综合窗口（赵样喆）" in text
    assert "青样镇便民服务中心党支部" in text
    assert "中共示例县青样镇委员会" in text


def test_keeping_a_blank_is_recorded_with_its_fields_and_checksum(blank, officer):
    entry = JournalEntry.objects.get(kind="blank_kept")

    assert blank.fields == ["主办组织", "单位", "岗位名称", "成员姓名", "称号"]
    assert blank.name == "我的 模板.docx"
    assert entry.actor == officer
    assert blank.sha256 in entry.body
    assert "履岗卡" not in entry.body


def test_a_blank_with_unknown_fields_is_not_kept_and_every_one_is_named(committee, officer):
    wrong = word("{{ 岗位 }} {{ 电话号码 }}")

    with pytest.raises(BlankFaultsError) as caught:
        keep_blank(committee, actor=officer, kind="post", title="履岗卡", upload=upload(wrong))
    assert [fault.text.split("”")[0] for fault in caught.value.faults] == ["“岗位", "“电话号码"]
    assert not Blank.objects.exists()


def test_a_new_version_replaces_the_old_one_which_stays(blank, officer):
    second = keep_blank(
        blank.org_unit, actor=officer, kind="post", title="履岗卡", upload=upload(word("{{ 称号 }}")), replaces=blank
    )

    blank.refresh_from_db()
    assert (second.version, second.is_active, blank.is_active, blank.retired_by) == (2, True, False, officer)
    assert versions_of(second) == versions_of(blank) == [second, blank]
    assert blank.file.storage.exists(blank.file.name)


def test_a_version_is_replaced_once(blank, officer):
    again = {"kind": "post", "title": "履岗卡", "replaces": blank}
    keep_blank(blank.org_unit, actor=officer, upload=upload(PLEDGE), **again)

    with pytest.raises(OutOfOrderError):
        keep_blank(blank.org_unit, actor=officer, upload=upload(PLEDGE), **again)


def test_a_new_version_that_fails_its_check_leaves_the_old_one_in_use(blank, officer):
    with pytest.raises(BlankFaultsError):
        keep_blank(
            blank.org_unit, actor=officer, kind="post", title="履岗卡", upload=upload(word("{{ 错 }}")), replaces=blank
        )

    blank.refresh_from_db()
    assert blank.is_active


def test_two_blanks_of_one_title_are_refused(blank, officer):
    with pytest.raises(DomainError, match="已有") as caught:
        keep_blank(blank.org_unit, actor=officer, kind="post", title="履岗卡", upload=upload(PLEDGE))
    assert caught.value.field == "title"


def test_a_blank_out_of_use_is_offered_no_more_and_stays_in_the_history(blank, conferral, officer):
    retire_blank(blank, actor=officer)

    assert blanks_for(conferral, officer) == []
    assert Blank.objects.filter(pk=blank.pk).exists()
    with pytest.raises(OutOfOrderError):
        retire_blank(blank, actor=officer)


@pytest.mark.parametrize("who", ["secretary", "committee_member", "discipline", "member", "stranger"])
def test_only_an_officer_keeps_blanks(who, request, committee, blank):
    actor = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        keep_blank(committee, actor=actor, kind="post", title="另一张", upload=upload(PLEDGE))
    with pytest.raises(PermissionDenied):
        retire_blank(blank, actor=actor)


def test_a_blank_holds_below_its_unit_and_not_beside_it(conferral, branch, other_branch, officer):
    own = keep_blank(branch, actor=officer, kind="post", title="本支部的", upload=upload(PLEDGE))
    other = keep_blank(other_branch, actor=officer, kind="post", title="别的支部的", upload=upload(PLEDGE))

    assert blanks_for(conferral, officer) == [own]
    with pytest.raises(PermissionDenied):
        fill_for(other, conferral, user=officer)


def test_a_blank_stands_in_the_menu_of_its_cases_only(blank, conferral, secretary, officer):
    assert [entry.label for entry in menu_of(conferral, secretary)] == ["履岗责任书", "履岗卡 (Word)"]
    assert "履岗卡 (Word)" not in [entry.label for entry in menu_of(conferral.nomination, officer)]


def test_a_notice_and_a_decision_fill_their_lists(publishable, secretary, conferral, committee, officer):
    notice = publish_notice([current_run(publishable())], actor=secretary)
    table = [["{%tr for 行 in 名单 %}", ""], ["{{ 行.岗位名称 }}", "{{ 行.单位 }}"], ["{%tr endfor %}", ""]]
    for case, kind in ((notice, "notice"), (conferral.decision, "decision")):
        made = keep_blank(committee, actor=officer, kind=kind, title=kind, upload=upload(word(rows=table)))
        assert "综合窗口" in text_of(fill_for(made, case, user=officer))


@pytest.mark.parametrize("kind", each_blank_kind(), ids=lambda kind: kind.code)
def test_the_starter_blank_of_every_kind_passes_the_check_and_is_filled_with_the_examples(kind):
    fields = [(each.name, str(each.what)) for each in kind.fields]
    lists = [(each.name, str(each.what), [(c.name, str(c.what)) for c in each.columns]) for each in kind.lists]
    content = starter_blank(str(kind.label), fields, lists)

    assert find_faults(read_word_file(content), content, kind.vocabulary) == []
    text = text_of(fill_blank(content, kind.examples(), kind.vocabulary, title="样张"))
    for each in (*kind.fields, *(column for found in kind.lists for column in found.columns)):
        assert each.example in text
    assert "{" not in text


@pytest.fixture
def pages(blank, conferral):
    return {
        "blank_list": reverse("posts:blank_list"),
        "blank_create": reverse("posts:blank_create"),
        "blank_detail": reverse("posts:blank_detail", args=[blank.pk]),
        "blank_replace": reverse("posts:blank_replace", args=[blank.pk]),
        "blank_file": reverse("posts:blank_file", args=[blank.pk]),
        "blank_docx": reverse("posts:blank_docx", args=[blank.pk, conferral.pk]),
    }


#: Officer of the committee, secretary of a branch below it, secretary beside the post's branch, stranger.
TABLE = {
    "blank_list": [200, 200, 200, 200],
    "blank_create": [200, 403, 403, 403],
    "blank_detail": [200, 200, 200, 404],
    "blank_replace": [200, 403, 403, 404],
    "blank_file": [200, 200, 200, 404],
    "blank_docx": [200, 200, 404, 404],
}


@pytest.mark.parametrize("name", TABLE)
def test_who_gets_which_page(name, pages, client, officer, secretary, other_secretary, stranger):
    found = []
    for user in (officer, secretary, other_secretary, stranger):
        client.force_login(user)
        found.append(client.get(pages[name]).status_code)
    client.logout()
    assert client.get(pages[name]).status_code == 302
    assert found == TABLE[name]


def test_a_blank_of_another_committee_is_not_seen(client, blank, stranger, other_branch):
    client.force_login(stranger)

    assert "履岗卡" not in client.get(reverse("posts:blank_list")).content.decode()


def test_an_upload_shows_every_mistake_beside_the_form_and_keeps_a_good_file(client, officer, committee):
    client.force_login(officer)
    url, data = reverse("posts:blank_create"), {"org_unit": committee.pk, "kind": "post", "title": "履岗卡"}

    wrong = client.post(url, {**data, "upload": upload(word("第一段", "{{ 电话号码 }}"))})
    assert wrong.status_code == 400
    assert "“电话号码”不是此类事项可用的栏目" in wrong.content.decode()
    assert "第 2 段" in wrong.content.decode()
    good = client.post(url, {**data, "upload": upload(PLEDGE)}, follow=True)
    assert "模板已通过检查并保存。" in good.content.decode()
    assert Blank.objects.get().title == "履岗卡"


def test_an_officer_replaces_and_retires_on_the_pages(client, blank, officer):
    client.force_login(officer)

    client.post(reverse("posts:blank_replace", args=[blank.pk]), {"upload": upload(PLEDGE)})
    second = Blank.objects.active().get()
    assert second.version == 2
    client.post(reverse("posts:blank_retire", args=[second.pk]))
    assert not Blank.objects.active().exists()
    page = client.get(reverse("posts:blank_detail", args=[blank.pk])).content.decode()
    assert page.count("已停用") >= 2


def test_the_filled_word_file_is_sent_as_a_download_with_its_chinese_name(client, pages, secretary):
    client.force_login(secretary)

    answer = client.get(pages["blank_docx"])
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%B1%A5%E5%B2%97%E5%8D%A1")
    assert "赵样喆" in text_of(answer.content)


@pytest.mark.parametrize("kind", each_blank_kind(), ids=lambda kind: kind.code)
def test_the_list_of_fields_explains_each_one(kind, client, secretary):
    client.force_login(secretary)

    page = client.get(reverse("posts:blank_fields", args=[kind.code])).content.decode()
    for each in kind.fields:
        assert each.mark in page
        assert str(each.what) in page
    assert client.get(reverse("posts:blank_starter", args=[kind.code])).status_code == 200
    assert client.get(reverse("posts:blank_fields", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_blanks_takes_the_same_queries(
    number, client, officer, branch, other_branch, committee, quiet_menu, django_assert_num_queries
):
    for n, unit in enumerate((committee, branch, other_branch)[:number]):
        keep_blank(unit, actor=officer, kind=("post", "notice", "review")[n], title=f"表{n}", upload=upload(word("x")))
    client.force_login(officer)
    client.get(reverse("posts:blank_list"))

    with django_assert_num_queries(4):
        client.get(reverse("posts:blank_list"))


def test_without_libreoffice_the_page_says_so_and_word_stays(client, blank, conferral, officer, settings):
    settings.OFFICE_PROGRAM = "/nowhere/soffice"
    client.force_login(officer)

    page = client.get(reverse("posts:blank_detail", args=[blank.pk])).content.decode()
    assert "服务器没有安装 LibreOffice，只能生成 Word 文件。" in page
    answer = client.get(reverse("posts:blank_pdf", args=[blank.pk, conferral.pk]))
    assert answer.status_code == 400
    assert "服务器没有安装 LibreOffice" in answer.content.decode()
    entry = next(entry for entry in menu_of(conferral, officer) if entry.label.startswith("履岗卡"))
    assert entry.second_url == ""


#: A word processor that hands on the words it was given, for machines without LibreOffice.
STAND_IN = """#!{python}
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
assert sys.argv[sys.argv.index("--convert-to") + 1].startswith('pdf:writer_pdf_Export:{{"SelectPdfVersion"')
with zipfile.ZipFile(sys.argv[-1]) as blank:
    (folder / "blank.pdf").write_bytes(b"%PDF-1.7" + blank.read("word/document.xml"))
"""


def said_by(pdf, *, is_real):
    if not is_real:
        return pdf.decode()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return document.pages[0].extract_text()


@pytest.mark.parametrize("is_real", [False, True] if office.office_program() else [False])
def test_the_filled_blank_goes_through_the_word_processor_of_the_server(
    client, blank, conferral, officer, settings, tmp_path, is_real
):
    if not is_real:
        program = tmp_path / "soffice"
        program.write_text(STAND_IN.format(python=sys.executable))
        program.chmod(0o755)
        settings.OFFICE_PROGRAM = str(program)
    client.force_login(officer)
    answer = client.get(reverse("posts:blank_pdf", args=[blank.pk, conferral.pk]))
    job = PrintJob.objects.get()
    assert answer["Location"] == reverse("posts:print_detail", args=[job.pk])
    tick()

    job.refresh_from_db()
    assert (job.state, job.file_name) == ("done", "履岗卡-综合窗口.pdf")
    assert "赵样喆" in said_by(job.result.read_bytes(), is_real=is_real)


def test_a_pdf_of_a_blank_that_went_out_of_use_is_not_made(client, blank, conferral, officer, settings, tmp_path):
    settings.OFFICE_PROGRAM = sys.executable
    client.force_login(officer)
    client.get(reverse("posts:blank_pdf", args=[blank.pk, conferral.pk]))
    retire_blank(blank, actor=officer)
    tick()

    assert PrintJob.objects.get().error == "模板已停用，或者您已经无权查看该事项。"


def test_no_pdf_of_a_blank_is_made_for_who_sees_the_case_no_more(client, blank, conferral, officer, stranger, settings):
    settings.OFFICE_PROGRAM = sys.executable
    client.force_login(officer)
    client.get(reverse("posts:blank_pdf", args=[blank.pk, conferral.pk]))
    PrintJob.objects.update(owner=stranger)
    tick()

    assert PrintJob.objects.get().state == "failed"


def test_a_program_that_never_ends_is_stopped(monkeypatch, tmp_path, settings):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60 & sleep 60\n")
    program.chmod(0o755)
    settings.OFFICE_PROGRAM = str(program)
    monkeypatch.setattr(office, "SECONDS", 1)

    with pytest.raises(DomainError, match="超时"):
        office.docx_to_pdf(PLEDGE)


def test_a_starter_blank_is_a_chinese_document():
    styles = Document(io.BytesIO(starter_blank("履岗卡", [("称号", "称号")], []))).styles.element

    assert {named.get(qn("w:eastAsia")) for named in styles.iter(qn("w:lang"))} == {"zh-CN"}
    assert {named.get(qn("w:val")) for named in styles.iter(qn("w:lang"))} == {"zh-CN"}


def test_kinds_of_blank_cover_the_cases_of_the_year():
    codes = [kind.code for kind in each_blank_kind()]

    assert codes == [
        "nomination", "campaign", "post", "notice", "survey", "decision", "objection", "review", "rectification",
        "incident",
    ]  # fmt: skip
    assert all(find_blank_kind(code) for code in codes)
