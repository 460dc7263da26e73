"""The pages of decisions, posts and plaques: who gets in, what they cost, what they do."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import UnitKind
from posts.domain.conferrals import end_conferral
from posts.domain.decisions import propose_decisions
from posts.domain.display import suspend_display
from posts.domain.plaques import hand_over, recall_plaque
from posts.domain.revocations import revoke_title
from posts.domain.seals import verify_line
from posts.models import Conferral, Decision, Plaque
from tests.factories import MemberFactory, make_unit
from tests.posts.cases import make_conferral, make_kind, make_nomination, open_run

PEOPLE = ("committee_member", "officer", "secretary", "other_secretary", "member", "stranger", "anonymous")


def as_(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kind(committee):
    return make_kind(committee)


@pytest.fixture
def nomination(kind, branch, member):
    return make_nomination(kind, branch, members=[member.member])


@pytest.fixture
def pending(nomination, committee_member):
    return propose_decisions(
        [open_run(nomination)], outcome="approved", actor=committee_member, document_number="青示委发〔2026〕7号"
    )


@pytest.fixture
def post(kind, branch, committee_member, officer, member):
    return make_conferral(kind, branch, decider=committee_member, releaser=officer, members=[member.member])


@pytest.fixture
def pages(post, kind, other_branch, committee_member):
    """One address of every page with an object; a pending decision stands beside the released one."""
    waiting = make_nomination(kind, other_branch, name="茶园片区")
    quiet = propose_decisions([open_run(waiting)], outcome="approved", actor=committee_member)
    plaque = post.plaques.get()
    return {
        "pending": reverse("posts:decision_detail", args=[quiet.pk]),
        "pending_edit": reverse("posts:decision_edit", args=[quiet.pk]),
        "released": reverse("posts:decision_detail", args=[post.decision_id]),
        "sheet": reverse("posts:sheet", args=["approval", post.decision_id]),
        "post": reverse("posts:conferral_detail", args=[post.pk]),
        "end": reverse("posts:conferral_end", args=[post.pk]),
        "hand_over": reverse("posts:plaque_hand_over", args=[plaque.pk]),
        "recall": reverse("posts:plaque_recall", args=[plaque.pk]),
        "public": reverse("posts:public_post", args=[post.public_id]),
    }


@pytest.mark.parametrize(
    ("page", "statuses"),
    [
        # committee_member, officer, secretary, other_secretary, member, stranger, anonymous
        ("pending", (200, 200, 404, 404, 404, 404, 302)),
        ("pending_edit", (200, 200, 404, 404, 404, 404, 302)),
        ("released", (200, 200, 200, 404, 404, 404, 302)),
        ("sheet", (200, 200, 200, 404, 404, 404, 302)),
        ("post", (200, 200, 200, 404, 200, 404, 302)),
        ("end", (403, 200, 403, 404, 403, 404, 302)),
        ("hand_over", (403, 200, 403, 404, 403, 404, 302)),
        ("recall", (403, 200, 403, 404, 403, 404, 302)),
        ("public", (200, 200, 200, 200, 200, 200, 200)),
    ],
)
def test_who_gets_in(page, statuses, pages, request):
    found = []
    for name in PEOPLE:
        client = Client() if name == "anonymous" else as_(request.getfixturevalue(name))
        found.append(client.get(pages[page]).status_code)
    assert tuple(found) == statuses


@pytest.mark.parametrize("action", ["decision_release", "decision_cancel", "decision_drop"])
def test_actions_on_a_decision_need_post_and_sight(action, pending, secretary, committee_member):
    url = reverse(f"posts:{action}", args=[pending.pk])
    assert as_(secretary).post(url).status_code == 404
    assert as_(committee_member).get(url).status_code == 405


def test_who_sees_but_may_not_release_gets_403(pending, committee_member):
    url = reverse("posts:decision_release", args=[pending.pk])
    assert as_(committee_member).post(url).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("posts:decision_waiting", 14),
        ("posts:decision_list", 9),
        ("posts:conferral_list", 10),
        ("posts:conferral_export", 6),
        ("posts:plaque_list", 7),
        ("posts:plaque_pickup", 4),
    ],
)
def test_lists_cost_the_same_for_one_and_three_rows(
    page, queries, rows, committee, committee_secretary, officer, quiet_menu, django_assert_num_queries
):
    for number in range(rows):
        unit = make_unit(UnitKind.BRANCH, parent=committee, code=f"N{number}")
        kind = make_kind(committee, code=f"kind{number}")
        kind.campaign.title = f"活动{number}"
        make_conferral(kind, unit, decider=committee_secretary, releaser=officer, name=f"窗口{number}")
        make_nomination(kind, unit, name=f"待决{number}")
        done = make_nomination(kind, unit, name=f"已决{number}")
        propose_decisions([open_run(done)], outcome="approved", actor=committee_secretary)
    client = as_(officer)
    client.get(reverse("campaigns:home"))
    with django_assert_num_queries(queries):
        assert client.get(reverse(page)).status_code == 200


def test_bulk_goes_by_a_page_that_lists_what_was_chosen(kind, branch, committee_member):
    first, second = make_nomination(kind, branch), make_nomination(kind, branch, name="社保窗口")
    client = as_(committee_member)
    chosen = {"run": [open_run(first).pk], "outcome": "approved"}
    page = client.post(reverse("posts:decision_propose"), chosen)
    assert page.status_code == 200
    assert first.name in page.text
    assert second.name not in page.text
    assert not Decision.objects.exists()
    meeting = {
        "confirm": "1",
        "held_on": timezone.localdate().isoformat(),
        "meeting": "党委会",
        "document_number": "7号",
    }
    answer = client.post(reverse("posts:decision_propose"), chosen | meeting)

    decision = Decision.objects.get()
    assert answer.url == reverse("posts:decision_detail", args=[decision.pk])
    assert [item.run.nomination for item in decision.items.all()] == [first]


def test_the_other_pages_come_from_the_filter_asked_of_the_server(kind, branch, other_branch, committee_member):
    for number in range(22):
        make_nomination(kind, branch, name=f"窗口{number}")
    other = make_nomination(kind, other_branch, name="茶园片区")
    client = as_(committee_member)
    page = client.get(reverse("posts:decision_waiting"), {"q": "窗口"})
    assert (page.context["here"], page.context["elsewhere"]) == (20, 2)
    answer = client.post(
        reverse("posts:decision_propose"), {"all_pages": "1", "filter": "q=窗口", "outcome": "approved"}
    )

    assert len(answer.context["ready"]) == 22
    assert other not in [run.nomination for run in answer.context["ready"]]


def test_a_refusal_without_reason_keeps_what_was_typed(nomination, committee_member):
    data = {
        "run": [open_run(nomination).pk],
        "outcome": "refused",
        "confirm": "1",
        "held_on": timezone.localdate().isoformat(),
        "meeting": "党委会议（2026年第9次）",
    }
    answer = as_(committee_member).post(reverse("posts:decision_propose"), data)

    assert answer.status_code == 400
    assert "党委会议（2026年第9次）" in answer.text
    assert not Decision.objects.exists()


def test_nothing_chosen_is_said(committee_member):
    answer = as_(committee_member).post(reverse("posts:decision_propose"), {"outcome": "approved"})
    assert (answer.status_code, answer.context["ready"]) == (200, [])


def test_a_batch_return_goes_to_the_branch(nomination, committee_member):
    data = {"run": [open_run(nomination).pk], "outcome": "return", "confirm": "1", "reason": "承诺偏笼统"}
    answer = as_(committee_member).post(reverse("posts:decision_propose"), data)

    nomination.refresh_from_db()
    assert (answer.status_code, nomination.status) == (302, "returned")


def test_a_decision_is_corrected_released_and_released_once(pending, officer):
    client = as_(officer)
    data = {"held_on": pending.held_on.isoformat(), "meeting": "党委会", "document_number": "9号"}
    assert client.post(reverse("posts:decision_edit", args=[pending.pk]), data).status_code == 302
    assert client.post(reverse("posts:decision_release", args=[pending.pk])).status_code == 302
    again = client.post(reverse("posts:decision_release", args=[pending.pk]))

    assert again.status_code == 409
    assert officer.name in again.text
    assert Conferral.objects.get().decision.document_number == "9号"


def test_undo_by_page(pending, committee_member):
    client = as_(committee_member)
    client.post(reverse("posts:decision_drop", args=[pending.pk]), {"item": [pending.items.get().pk]})

    pending.refresh_from_db()
    assert pending.status == "cancelled"


def test_the_register_can_be_exported(post, officer):
    answer = as_(officer).get(reverse("posts:conferral_export"))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.content[:2] == b"PK"


def test_a_plaque_goes_out_and_comes_back_by_page(post, officer):
    client, plaque = as_(officer), post.plaques.get()
    today = timezone.localdate().isoformat()
    data = {"plaques": plaque.pk, "form": "plaque", "design": "gold", "do": "print"}
    pdf = client.post(reverse("posts:plaque_print"), data)
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    for name, data, status in [
        ("hand_over", {"received_by": "陈样甲", "on": today, "place": "一楼3号窗口"}, "displayed"),
        ("recall", {"reason": "破损"}, "recalled"),
        ("return", {"returned_by": "陈样甲", "on": today}, "returned"),
    ]:
        answer = client.post(reverse(f"posts:plaque_{name}", args=[plaque.pk]), data)
        assert (answer.status_code, Plaque.objects.get().status) == (302, status)
    plaque.refresh_from_db()
    assert plaque.printed_at is not None


def test_a_hand_over_in_the_future_is_refused_at_the_field(post, officer):
    data = {"received_by": "陈样甲", "on": "2999-01-01"}
    answer = as_(officer).post(reverse("posts:plaque_hand_over", args=[post.plaques.get().pk]), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["on"])


def test_printing_nothing_is_said(officer):
    assert as_(officer).get(reverse("posts:plaque_print")).status_code == 302
    assert as_(officer).get(reverse("posts:plaque_print"), {"all": 1}).status_code == 400


def test_a_title_is_ended_by_page(post, officer):
    url = reverse("posts:conferral_end", args=[post.pk])
    answer = as_(officer).post(url, {"status": "expired", "reason": "退休"})
    post.refresh_from_db()
    assert (answer.status_code, post.status) == (302, "expired")


def test_the_public_page_tells_the_live_state(post, officer, committee_secretary, discipline, client):
    url = reverse("posts:public_post", args=[post.public_id])
    plaque = hand_over(post.plaques.get(), actor=officer, received_by="陈样甲", place="一楼3号窗口")
    page = client.get(url)
    state = page.context["state"]
    assert (state.code, state.since, state.tint) == ("active", timezone.localdate(), "ok")
    assert plaque.number in page.text
    assert "一楼3号窗口" in page.text
    assert verify_line(state.line, state.signature)
    assert not verify_line(state.line.replace("active", "revoked"), state.signature)
    suspend_display(post, actor=discipline, reason="待查")
    assert client.get(url).context["state"].code == "suspended"
    revoke_title(post, actor=committee_secretary, reason="收取红包", document="9号")
    page = client.get(url)
    assert (page.context["state"].code, page.context["state"].tint) == ("revoked", "bad")
    assert "收取红包" not in page.text


def test_the_public_page_is_small_and_tells_nothing_private(post, client):
    person = post.holders.get().member
    page = client.get(reverse("posts:public_post", args=[post.public_id]))

    assert len(page.content) < 50_000
    assert person.number not in page.text
    assert page["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("public_id", ["1", "x" * 22, "%00", "../../etc/passwd"])
def test_addresses_of_posts_cannot_be_guessed(public_id, post, client):
    assert client.get(f"/p/{public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("status", "code"), [("adjusted", "ended"), ("rotated_out", "rotated_out"), ("expired", "ended")]
)
def test_a_quiet_end_shows_as_ended(post, officer, client, status, code):
    end_conferral(post, actor=officer, status=status, reason="退休")
    assert client.get(reverse("posts:public_post", args=[post.public_id])).context["state"].code == code


def test_the_work_list_carries_what_waits(kind, branch, post, committee_secretary, committee_member, officer):
    from campaigns.domain.todos import todos_for

    waiting = make_nomination(kind, branch, members=[MemberFactory(branch=branch)])
    titles = [todo.url for todo in todos_for(committee_member)]
    assert titles == [reverse("posts:decision_waiting")]
    decision = propose_decisions([open_run(waiting)], outcome="approved", actor=committee_member)
    assert todos_for(committee_member) == []
    assert {todo.url for todo in todos_for(officer)} == {
        reverse("posts:decision_detail", args=[decision.pk]),
        reverse("posts:plaque_list") + "?status=to_print",
    }
    plaque = hand_over(post.plaques.get(), actor=officer, received_by="陈样甲")
    recall_plaque(plaque, actor=officer, reason="破损")
    due = [todo for todo in todos_for(officer) if todo.section == "plaques"]
    assert [todo.due_on for todo in due] == [Plaque.objects.get().recall_due_on]
