"""The editor's pages and drafts: nothing is lost, nothing half-finished is stored, everybody sees only his own."""

import tomllib

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaigns.domain.errors import DomainError, StaleError
from campaigns.domain.library import find_entry, library, store_scheme
from campaigns.domain.scheme_drafts import (
    MAX_DRAFTS,
    draft_from_text,
    edit_draft,
    examine_draft,
    raw_of,
    start_draft,
    store_draft,
    text_of,
)
from campaigns.domain.scheme_forms import Page
from campaigns.domain.schemes import SchemeError
from campaigns.models import JournalEntry, Scheme, SchemeDraft
from campaigns.schemes.places import find_place
from tests.campaigns.test_scheme_forms import posted
from tests.campaigns.test_scheme_writer import COMMENTED as MINE


@pytest.fixture
def own(officer):
    """A scheme of the users' own in the library."""
    return store_scheme(MINE, actor=officer)


def page_data(draft, address, **changes):
    """What the browser sends of a page of the draft."""
    data = posted(Page(raw_of(draft), find_place(raw_of(draft), address)), **changes)
    data.update({"version": draft.version, "window": "w1"})
    return data


def change(draft, actor, address="scheme", *, version=None, window="w1", **changes):
    data = page_data(draft, address, **changes)
    place = find_place(raw_of(draft), address)
    version = draft.version if version is None else version
    draft, _edit = edit_draft(draft, actor=actor, place=place, data=data, version=version, window=window)
    return draft


def address_of(draft, where=""):
    return reverse("campaigns:scheme_edit", args=[draft.pk, where] if where else [draft.pk])


@pytest.mark.django_db
def test_a_copy_has_a_code_of_its_own_and_can_be_stored_at_once(officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))

    stored = store_draft(draft, actor=officer)

    assert stored.code == "default_own"
    assert find_entry(stored.code).scheme.kinds == find_entry("default").scheme.kinds
    assert not SchemeDraft.objects.exists()


@pytest.mark.django_db
def test_every_shipped_scheme_goes_through_the_editor_and_stays_the_same(officer):
    for entry in library():
        draft = start_draft(actor=officer, entry=entry)
        draft = change(draft, officer, **{"scheme.title": "另一个题目"})
        read = tomllib.loads(text_of(draft))
        read["scheme"] |= {key: tomllib.loads(entry.text)["scheme"][key] for key in ("code", "title")}

        assert read == tomllib.loads(entry.text)
        assert "#" in text_of(draft)


@pytest.mark.django_db
def test_an_own_scheme_is_changed_in_place_and_keeps_its_comments(officer, own):
    draft = start_draft(actor=officer, entry=find_entry("mine"), in_place=True)
    draft = change(draft, officer, **{"scheme.title": "新题目"})

    stored = store_draft(draft, actor=officer)

    assert stored.pk == own.pk
    assert stored.text == MINE.replace('title = "甲"', 'title = "新题目"')
    assert [entry.kind for entry in JournalEntry.objects.filter(kind__startswith="scheme_")] == ["scheme_stored"] * 2


@pytest.mark.django_db
def test_a_draft_of_a_scheme_that_was_changed_meanwhile_is_refused_and_kept(officer, own):
    draft = start_draft(actor=officer, entry=find_entry("mine"), in_place=True)
    store_scheme(MINE.replace("甲", "丙"), actor=officer, replaces=own.sha256)

    with pytest.raises(StaleError, match="“丙”已被别人改过"):
        store_draft(draft, actor=officer)

    assert SchemeDraft.objects.filter(pk=draft.pk).exists()
    assert Scheme.objects.get().title == "丙"


@pytest.mark.django_db
def test_a_code_that_another_scheme_has_is_refused_at_its_field(officer, own):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    draft = change(draft, officer, **{"scheme.code": "mine"})

    assert [problem.path for problem in examine_draft(draft).problems] == [("scheme", "code")]
    with pytest.raises(SchemeError):
        store_draft(draft, actor=officer)
    assert Scheme.objects.get().text == MINE


@pytest.mark.django_db
def test_another_window_may_not_overwrite_but_the_same_window_may_be_behind_its_own_saving(officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    first = draft.version
    draft = change(draft, officer, **{"scheme.title": "甲"})

    draft = change(draft, officer, version=first, **{"scheme.title": "乙"})
    with pytest.raises(StaleError):
        change(draft, officer, version=first, window="w2", **{"scheme.title": "丙"})

    assert raw_of(SchemeDraft.objects.get())["scheme"]["title"] == "乙"


@pytest.mark.django_db
def test_drafts_are_written_by_their_author_alone(officer, secretary):
    draft = start_draft(actor=officer)

    for call in (lambda: start_draft(actor=secretary), lambda: change(draft, secretary)):
        with pytest.raises(PermissionDenied):
            call()


@pytest.mark.django_db
def test_drafts_do_not_pile_up(officer):
    for _i in range(MAX_DRAFTS):
        start_draft(actor=officer)

    with pytest.raises(DomainError, match=str(MAX_DRAFTS)):
        start_draft(actor=officer)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["= 1", "a = " + "[" * 90 + "]" * 90, "a = " + "[" * 5000])
def test_a_text_that_no_form_can_show_is_refused_with_a_sentence(officer, text):
    with pytest.raises(DomainError):
        draft_from_text(text, actor=officer)

    assert not SchemeDraft.objects.exists()


@pytest.mark.django_db
def test_odd_values_of_a_faulty_text_are_shown_and_stay(officer):
    draft = draft_from_text(
        '[scheme]\ncode = 2026-01-01\ntitle = inf\nhonour = "\\u0000"\n"" = [1, "x"]', actor=officer
    )

    assert raw_of(draft)["scheme"]["code"] == "2026-01-01"
    assert raw_of(change(draft, officer))["scheme"][""] == [1, "x"]


# The pages


@pytest.mark.django_db
def test_a_copy_is_begun_from_the_page_of_a_scheme(client, officer):
    client.force_login(officer)

    response = client.post(reverse("campaigns:scheme_draft_start"), {"from": "default"}, follow=True)

    draft = SchemeDraft.objects.get()
    assert response.redirect_chain[-1][0] == address_of(draft)
    assert raw_of(draft)["scheme"]["code"] == "default_own"


@pytest.mark.django_db
def test_faults_stand_beside_their_fields_with_links_above_and_nothing_is_stored(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)
    data = page_data(draft, "kinds/2", **{"kinds.1.min_party": "9999", "kinds.1.label": "", "do": "store"})

    response = client.post(address_of(draft, "kinds/2"), data, follow=True)

    page = response.context["page"]
    wrong = {box.name: str(box.problems[0].message) for g in page.groups for box in g.each_box() if box.problems}
    assert set(wrong) == {"kinds.1.min_party", "kinds.1.label"}
    assert wrong["kinds.1.label"] == "请填写。"
    urls = [pointer.url for pointer in response.context["pointers"]]
    assert urls == [f"{address_of(draft, 'kinds/2')}#f-{name}" for name in sorted(wrong)]
    assert 'id="f-kinds.1.min_party"' in response.text
    assert "有2处错误" in response.text
    assert not Scheme.objects.exists()


@pytest.mark.django_db
def test_faults_are_not_shown_before_somebody_asks(client, officer):
    draft = start_draft(actor=officer)
    client.force_login(officer)

    assert "错误，未存入" not in client.get(address_of(draft)).text
    data = page_data(draft, "scheme", do="check")
    assert "错误，未存入" in client.post(address_of(draft), data, follow=True).text


@pytest.mark.django_db
def test_a_scheme_without_faults_is_stored_though_there_are_warnings(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)
    number = [step["kind"] for step in raw_of(draft)["pipelines"]["usual"]].index("notice") + 1
    name = f"pipelines.usual.{number - 1}.params.days"
    data = page_data(draft, f"pipelines/usual/{number}", **{name: "3", "do": "store"})

    response = client.post(address_of(draft, f"pipelines/usual/{number}"), data, follow=True)

    assert response.redirect_chain[-1][0] == reverse("campaigns:scheme_detail", args=["default_own"])
    assert response.context["warnings"]


@pytest.mark.django_db
def test_what_was_removed_last_comes_back(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)
    before = raw_of(draft)["veto"]

    client.post(address_of(draft, "veto"), page_data(draft, "veto", do="remove:veto/0"))
    draft.refresh_from_db()
    assert len(raw_of(draft)["veto"]) == len(before) - 1
    client.post(address_of(draft, "veto"), page_data(draft, "veto", do="undo"))

    draft.refresh_from_db()
    assert raw_of(draft)["veto"] == before


@pytest.mark.django_db
def test_automatic_saving_answers_with_the_new_version_only(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)
    data = page_data(draft, "scheme", **{"scheme.title": "自动保存"})

    response = client.post(address_of(draft), data, headers={"HX-Request": "true"})

    assert f'name="version" value="{draft.version + 1}"' in response.text
    assert "<form" not in response.text
    draft.refresh_from_db()
    assert raw_of(draft)["scheme"]["title"] == "自动保存"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["scheme_draft_read", "scheme_draft_download", "scheme_edit", "scheme_draft_discard"])
def test_a_draft_is_no_business_of_anybody_else(client, name, officer, secretary, stranger, committee):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    url = reverse(f"campaigns:{name}", args=[draft.pk])
    found = []
    for user in (secretary, stranger):
        client.force_login(user)
        found.append(client.post(url).status_code if name.endswith("discard") else client.get(url).status_code)

    assert found == [403, 404]
    assert SchemeDraft.objects.filter(pk=draft.pk).exists()


@pytest.mark.django_db
def test_the_draft_can_be_read_downloaded_and_thrown_away(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)

    assert "草稿，尚未存入方案库" in client.get(reverse("campaigns:scheme_draft_read", args=[draft.pk])).text
    text = client.get(reverse("campaigns:scheme_draft_download", args=[draft.pk])).text
    assert tomllib.loads(text) == raw_of(draft)
    client.post(reverse("campaigns:scheme_draft_discard", args=[draft.pk]))
    assert not SchemeDraft.objects.exists()


@pytest.mark.django_db
def test_a_page_with_too_many_fields_gets_a_sentence(client, officer):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)

    response = client.post(address_of(draft), {f"x{i}": "1" for i in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)})

    assert response.status_code == 400
    assert "</html>" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\x00", "甲" * 5000, "<script>alert(1)</script>", "\ud7ff", "'''\"\"\""])
def test_whatever_is_typed_is_kept_and_answered(client, officer, value):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)

    response = client.post(
        address_of(draft), page_data(draft, "scheme", **{"scheme.title": value, "do": "check"}), follow=True
    )

    draft.refresh_from_db()
    assert response.status_code == 200
    assert raw_of(draft)["scheme"]["title"] == value.replace("\x00", "\ufffd")
    assert "<script>alert" not in response.text


@pytest.mark.django_db
def test_the_editor_asks_as_many_questions_for_a_small_as_for_a_large_scheme(
    client, officer, quiet_menu, django_assert_num_queries
):
    small = draft_from_text('scheme.code = "small"', actor=officer)
    large = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)
    client.get(address_of(small))

    for draft in (small, large):
        with django_assert_num_queries(4):
            client.get(address_of(draft))


@pytest.mark.django_db
def test_every_page_of_a_draft_full_of_nonsense_can_be_shown(client, officer):
    text = """
scheme = []
kinds = [3, { stages = [[]], plaque = 5, evidence = [1], "x.y" = { z = 1 } }]
quotas = { a = 1 }
pipelines = { "a/b" = 3, "" = [1], usual = [7, { kind = "survey", params = { colour = 1 } }, { params = 3 }] }
rubrics = [{ sections = [{ items = "x" }, 4] }]
rectify = "now"
"""
    draft = draft_from_text(text, actor=officer)
    client.force_login(officer)
    wheres = ["", "kinds", "kinds/2", "kinds/2/stages", "quotas", "pipelines", "pipelines/usual", "pipelines/usual/2"]
    wheres += ["pipelines/usual/3", "rubrics/1", "rubrics/1/sections", "rubrics/1/sections/1", "rest", "veto"]

    for where in wheres:
        response = client.get(address_of(draft, where))
        assert response.status_code == 200, where
    addresses = {pointer.url.split("#")[0] for pointer in response.context["pointers"]}
    assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "do", ["remove:", "remove:kinds/x/y", "up:9/9", "copy:scheme", "add:scheme/code", "add:", "go:none"]
)
def test_a_button_that_no_page_has_does_no_harm(client, officer, do):
    draft = start_draft(actor=officer, entry=find_entry("default"))
    client.force_login(officer)

    response = client.post(address_of(draft), page_data(draft, "scheme", do=do), follow=True)

    draft.refresh_from_db()
    assert response.status_code in {200, 400, 404}
    assert examine_draft(draft).problems == []
