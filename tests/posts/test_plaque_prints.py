"""Printing plaques from the register: who may, what is chosen, what comes out."""

import io
import zipfile

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError
from posts.documents.plaque import Look
from posts.domain import plaque_prints
from posts.domain.plaque_prints import KIND, print_problems, print_warnings, printable
from posts.domain.plaque_register import issue_plaque
from posts.domain.print_jobs import order_print, print_or_order
from posts.models import Plaque, PrintJob
from tests.factories import MemberFactory
from tests.posts.cases import make_conferral, make_kind

PAGE = "posts:plaque_print"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def post(committee, branch, committee_member, officer):
    people = [MemberFactory(name=name, branch=branch) for name in ("赵喆", "钱样乙")]
    kind = make_kind(committee)
    return make_conferral(kind, branch, decider=committee_member, releaser=officer, members=people)


@pytest.fixture
def plaques(post, committee):
    for _number in range(4):
        issue_plaque(post, kind="named", issuer=committee.name, issuer_unit=committee)
    return list(Plaque.objects.order_by("pk"))


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def asked(plaques, **more):
    given = {"form": "plaque", "design": "gold", "size": "", "do": "print"}
    return {"plaques": ",".join(str(plaque.pk) for plaque in plaques), **given, **more}


def params(plaques, **more):
    given = {"form": "plaque", "size": "", "design": "", "marks": False, "each": False}
    return {"plaques": [plaque.pk for plaque in plaques], **given, **more}


def texts_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [page.extract_text() for page in document.pages]


def test_the_whole_narrowed_list_is_chosen_at_once(plaques, officer):
    answer = as_(officer).get(reverse(PAGE), {"all": 1, "status": "to_print", "q": "-00"})
    assert [plaque.pk for plaque in answer.context["plaques"]] == [plaque.pk for plaque in plaques]

    answer = as_(officer).get(reverse(PAGE), {"all": 1, "q": plaques[2].number})
    assert answer.context["form"].initial["plaques"] == str(plaques[2].pk)


def test_only_who_issues_them_prints_plaques(plaques, secretary, stranger):
    assert as_(secretary).get(reverse(PAGE), {"all": 1}).status_code == 400
    with pytest.raises(DomainError):
        printable(stranger, Plaque.objects.visible_to(stranger))
    with pytest.raises(DomainError):
        print_or_order(KIND, actor=secretary, params=params(plaques), title="x")


def test_the_page_costs_the_same_for_one_and_three(plaques, officer, django_assert_max_num_queries, quiet_menu):
    client, counts = as_(officer), []
    for chosen in (plaques[:1], plaques[:1], plaques[:3]):  # the first call fills what a process remembers
        with django_assert_max_num_queries(6) as queries:
            client.get(reverse(PAGE), {"plaque": [plaque.pk for plaque in chosen]})
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_a_preview_is_a_pdf_in_the_browser_and_marks_nothing(plaques, officer):
    answer = as_(officer).post(reverse(PAGE), asked(plaques, do="preview", size="20x10"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert Plaque.objects.filter(printed_at__isnull=False).count() == 0


@pytest.mark.parametrize(("own", "size"), [("420 × 297", "420x297mm"), ("420x297mm", "420x297mm")])
def test_an_own_size_is_understood(plaques, officer, own, size):
    answer = as_(officer).post(reverse(PAGE), asked(plaques[:1], size="own", own_size=own))

    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        assert (round(document.pages[0].width / 72 * 25.4), round(document.pages[0].height / 72 * 25.4)) == (420, 297)


def test_an_impossible_own_size_is_said_at_the_field(plaques, officer):
    answer = as_(officer).post(reverse(PAGE), asked(plaques, size="own", own_size="3x3"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["own_size"])


def test_what_does_not_fit_is_listed_with_its_number_before_anything_is_made(post, plaques, officer):
    post.duties = "职责，" * 400
    post.save()

    answer = as_(officer).post(reverse(PAGE), asked(plaques))

    assert answer.status_code == 400
    assert [problem.split(":")[0] for problem in answer.context["problems"]] == [plaque.number for plaque in plaques]
    assert PrintJob.objects.count() == 0


def test_a_rare_character_is_named_for_the_proof(post, plaques, officer):
    post.name = "𠮷祥窗口"
    post.save()
    rows = printable(officer, Plaque.objects.visible_to(officer))

    assert "“𠮷”（U+20BB7）" in print_warnings(rows)[0]
    assert print_problems(rows, "plaque", Look()) == []


def test_a_batch_is_made_on_the_clock_in_parts_and_in_order(plaques, officer, monkeypatch):
    monkeypatch.setattr(plaque_prints, "PART", 2)
    monkeypatch.setattr(plaque_prints, "MANY", 1)

    job = order_print(KIND, actor=officer, params=params(plaques), title="五块")
    tick()

    job.refresh_from_db()
    assert (job.state, job.n_total, job.content_type) == ("done", 3, "application/pdf")
    numbers = [plaque.number for plaque in printable(officer, Plaque.objects.all())]
    assert [number in text for number, text in zip(numbers, texts_of(job.result.read_bytes()), strict=True)] == [
        True
    ] * 5
    assert Plaque.objects.filter(printed_at__isnull=True).count() == 0


@pytest.mark.parametrize(("name", "parts"), [("综合窗口", 1), ("ᠮᠣᠩᠭᠣᠯ", 3)])
def test_plaques_that_need_no_layout_are_made_more_at_once(post, plaques, officer, monkeypatch, name, parts):
    monkeypatch.setattr(plaque_prints, "PART", 2)
    post.name = name
    post.save()

    job = order_print(KIND, actor=officer, params=params(plaques), title="五块")
    tick()

    job.refresh_from_db()
    assert (job.state, job.n_total) == ("done", parts)
    assert len(texts_of(job.result.read_bytes())) == 5


def test_one_file_for_each_plaque_comes_as_a_zip(plaques, officer, monkeypatch):
    monkeypatch.setattr(plaque_prints, "PART", 2)

    job = order_print(KIND, actor=officer, params=params(plaques, each=True), title="五块")
    tick()

    job.refresh_from_db()
    assert (job.content_type, job.file_name[-4:]) == ("application/zip", ".zip")
    with zipfile.ZipFile(job.result) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(name.split("-综合窗口")[0] for name in files) == sorted(plaque.number for plaque in plaques)
    assert all(
        len(texts_of(file)) == 1 and name.split("-综合窗口")[0] in texts_of(file)[0] for name, file in files.items()
    )


def test_badges_are_named_by_their_people(plaques, officer):
    made = print_or_order(KIND, actor=officer, params=params(plaques[:1], form="badge", each=True), title="胸牌")

    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert [name.rsplit("-", 1)[1] for name in archive.namelist()] == ["赵喆.pdf", "钱样乙.pdf"]
    assert Plaque.objects.filter(printed_at__isnull=False).count() == 0


def test_posts_without_party_members_get_no_badge(post, plaques, officer):
    post.holders.update(member=None)

    with pytest.raises(DomainError, match="胸牌"):
        print_or_order(KIND, actor=officer, params=params(plaques[:1], form="badge"), title="胸牌")


def test_the_pick_up_list_has_a_line_for_each_plaque(plaques, officer):
    made = print_or_order(KIND, actor=officer, params=params(plaques, form="pickup"), title="领取登记")

    text = "".join(texts_of(made.content))
    assert [plaque.number for plaque in plaques if plaque.number not in text] == []
    assert "赵喆" in text


def test_the_same_order_gives_the_same_bytes(plaques, officer):
    first, second = (print_or_order(KIND, actor=officer, params=params(plaques, each=True), title="x") for _ in "ab")

    assert first.content == second.content
