"""Personal voting links: who may make them, what opens them, where they work, what is kept of them."""

import io
import re
from datetime import timedelta

import pdfplumber
import pytest
import time_machine
import zxingcpp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain.ballots import UnknownCodeError
from assessments.domain.paper import hand_out_to_members
from assessments.domain.recounts import destroy_openings
from assessments.domain.sealing import hash_token, show_code
from assessments.domain.surveys import close_survey
from assessments.domain.voting_links import (
    OpenedElsewhereError,
    link_entries,
    link_of_token,
    make_links,
    new_device,
    open_link,
)
from assessments.models import SealedBallot, VotingLink
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.guards import maintenance
from campaigns.models import JournalEntry, Member
from tests.assessments.helpers import make_nomination, make_open_survey, survey_of
from tests.factories import MemberFactory, UserFactory
from tests.threads import in_threads

ENTRY = "/v/"


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def elder(branch):
    """On the roll, and without an account."""
    return MemberFactory(branch=branch, name="卫样甲")


@pytest.fixture
def survey(branch, secretary, member, elder):
    return make_open_survey(branch, secretary, voters=3)


@pytest.fixture
def token(survey, officer, elder):
    return make_one(survey, officer, elder)


def make_one(survey, officer, *members):
    return make_links(survey, members=members, actor=officer, witness="孙样甲")[0].token


def device():
    """A phone of its own, as strict as a browser."""
    return Client(enforce_csrf_checks=True)


def text_of(response):
    return response.content.decode()


def open_on(phone, token):
    """The page of the link, and the click on it."""
    assert phone.post(ENTRY, {"code": token}).status_code == 200
    return phone.post(ENTRY, {"code": token, "step": "open"})


def cast(phone, token):
    confirm = phone.post(ENTRY, {"code": token, "line0": "satisfied", "step": "confirm"})
    return phone.post(ENTRY, {"code": token, "step": "cast", "ticket": ticket_of(confirm)})


def ticket_of(confirm):
    found = re.search(r'name="ticket" value="([^"]+)"', confirm.content.decode())
    return found.group(1) if found else ""


def without_tokens(response):
    """The page without what is made anew for every answer, and without the code that was typed."""
    return re.sub(r'value="(\w{64}|[0-9A-Z]{24})"', "", response.content.decode())


# --- Making them ------------------------------------------------------------------------------------------------------


def test_members_without_a_password_get_links_and_nobody_else(survey, branch, elder):
    slip_only = MemberFactory(branch=branch, user=UserFactory())
    slip_only.user.set_unusable_password()
    slip_only.user.save()
    closed = MemberFactory(branch=branch, user=UserFactory(is_active=False))
    with maintenance():
        for late in (slip_only, closed):
            survey.roll.create(member=late)

    assert {entry.member for entry in link_entries(survey)} == {elder, slip_only, closed}


@pytest.mark.parametrize("who", ["secretary", "member", "committee_member"])
def test_only_the_level_above_makes_links(survey, elder, request, who):
    with pytest.raises(NotAllowedError):
        make_links(survey, members=[elder], actor=request.getfixturevalue(who), witness="孙样甲")
    assert VotingLink.objects.count() == 0


def test_officer_with_a_stake_makes_no_links(branch, secretary, officer, elder):
    holder = MemberFactory(branch=branch, user=officer)
    survey = make_open_survey(branch, secretary, people=[holder])

    with pytest.raises(NotAllowedError):
        make_links(survey, members=[elder], actor=officer, witness="孙样甲")


def test_link_needs_a_second_person(survey, officer, elder):
    for witness in ("", officer.name):
        with pytest.raises(DomainError):
            make_links(survey, members=[elder], actor=officer, witness=witness)


def test_link_is_refused_by_name_to_who_signs_in_or_is_not_on_the_roll(survey, officer, member):
    stranger, own = MemberFactory(name="蒋样乙"), Member.objects.get(user=member)
    for members, name in (([stranger], "蒋样乙"), ([own], member.name)):
        with pytest.raises(DomainError, match=name):
            make_links(survey, members=members, actor=officer, witness="孙样甲")
    with pytest.raises(DomainError):
        make_links(survey, members=[], actor=officer, witness="孙样甲")
    assert VotingLink.objects.count() == 0


def test_links_are_made_while_the_survey_takes_ballots(survey, branch, officer, elder):
    draft = survey_of(make_nomination(branch))
    with pytest.raises(OutOfOrderError):
        make_links(draft, members=[elder], actor=officer, witness="孙样甲")
    with time_machine.travel(timezone.now() + timedelta(hours=49)), pytest.raises(OutOfOrderError):
        make_links(survey, members=[elder], actor=officer, witness="孙样甲")


def test_only_keyed_hashes_are_kept(survey, officer, elder, token):
    link = VotingLink.objects.get()
    assert (bytes(link.token_hash), link.device_hash) == (hash_token(token), None)
    assert [field.attname for field in VotingLink._meta.fields] == [
        "id", "entry_id", "token_hash", "device_hash", "made_by_id", "witness",
    ]  # fmt: skip
    assert not any(token in entry.body for entry in JournalEntry.objects.all())


def test_making_and_replacing_are_in_the_journal_and_opening_is_not(survey, officer, elder, token):
    open_on(device(), token)
    make_one(survey, officer, elder)

    kinds = [entry.kind for entry in JournalEntry.objects.filter(seq__gt=0).order_by("seq")]
    assert kinds[-2:] == ["voting_links_made", "voting_links_made"]
    bodies = [entry.body for entry in JournalEntry.objects.filter(kind="voting_links_made").order_by("seq")]
    assert ['"replaced":[]' in bodies[0], f'"replaced":[{elder.pk}]' in bodies[1]] == [True, True]
    assert elder.name not in "".join(bodies)


# --- Opening them -----------------------------------------------------------------------------------------------------


def test_nothing_but_the_click_opens_a_link(survey, token):
    preview = device()
    for _again in range(3):
        assert preview.get(ENTRY).status_code == 200
        assert "卫样甲" in text_of(preview.post(ENTRY, {"code": token}))

    assert VotingLink.objects.get().device_hash is None
    assert "满意" in text_of(open_on(device(), token))


def test_owner_votes_once_on_his_phone_and_may_come_back(survey, elder, token):
    phone = device()
    ballot = open_on(phone, token)
    assert 'name="line0"' in text_of(ballot)
    assert 'name="line0"' in text_of(phone.post(ENTRY, {"code": show_code(token).lower()}))  # reload, or scanned again

    assert "选票已投入票箱" in text_of(cast(phone, token))
    assert survey.roll.get(member=elder).voted
    assert "您已经投过票" in text_of(phone.post(ENTRY, {"code": token}))
    assert "您已经投过票" in text_of(cast(phone, token))
    assert SealedBallot.objects.count() == 1


def test_second_device_is_told_so_and_what_to_do(survey, elder, token):
    phone, other = device(), device()
    open_on(phone, token)

    answers = [
        other.post(ENTRY, {"code": token}),
        other.post(ENTRY, {"code": token, "step": "open"}),
        cast(other, token),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert all("已在另一台设备上使用" in text_of(answer) and "换一个新的" in text_of(answer) for answer in answers)
    assert not survey.roll.get(member=elder).voted
    assert "选票已投入票箱" in text_of(cast(phone, token))


def test_other_device_does_not_learn_whether_the_owner_has_voted(survey, token):
    phone, other = device(), device()
    open_on(phone, token)
    before = without_tokens(other.post(ENTRY, {"code": token}))
    cast(phone, token)

    assert without_tokens(other.post(ENTRY, {"code": token})) == before


def test_unopened_link_does_not_tell_its_maker_who_has_voted(survey, officer, elder, token):
    unused = without_tokens(device().post(ENTRY, {"code": token}))
    open_on(phone := device(), token)
    cast(phone, token)
    again = make_one(survey, officer, elder)

    assert without_tokens(device().post(ENTRY, {"code": again})) == unused


def test_double_click_and_a_lost_answer_do_not_lock_the_owner_out(survey, token):
    phone = device()
    phone.post(ENTRY, {"code": token})
    answers = [phone.post(ENTRY, {"code": token, "step": "open"}) for _click in range(2)]

    assert all('name="line0"' in text_of(answer) for answer in answers)


def test_browser_without_cookies_does_not_use_the_link_up(survey, token):
    answer = device().post(ENTRY, {"code": token, "step": "open"})

    assert answer.status_code == 409
    assert "不保存Cookie" in text_of(answer)
    assert VotingLink.objects.get().device_hash is None


def test_new_link_voids_the_old_one_on_the_device_where_it_was_opened(survey, officer, elder, token):
    phone, new_phone = device(), device()
    open_on(phone, token)
    fresh = make_one(survey, officer, elder)

    assert phone.post(ENTRY, {"code": token}).status_code == 400
    assert cast(phone, token).status_code == 400
    assert "满意" in text_of(open_on(new_phone, fresh))
    assert VotingLink.objects.count() == 1


def test_replacing_a_link_after_the_vote_gives_no_second_vote(survey, officer, elder, token):
    open_on(phone := device(), token)
    cast(phone, token)
    fresh = make_one(survey, officer, elder)

    assert "您已经投过票" in text_of(open_on(device(), fresh))
    assert SealedBallot.objects.count() == 1


def test_right_that_went_to_paper_is_told_on_the_owners_device_only(survey, secretary, elder, token):
    hand_out_to_members(survey, actor=secretary, members=[elder])
    phone = device()
    assert "纸质" not in text_of(phone.post(ENTRY, {"code": token}))

    assert "纸质" in text_of(phone.post(ENTRY, {"code": token, "step": "open"}))


def test_wrong_token_is_answered_like_a_wrong_code(survey, token):
    wrong = device().post(ENTRY, {"code": "0" * 24, "step": "open"})

    assert wrong.status_code == 400
    assert "无效" in text_of(wrong)
    with pytest.raises(UnknownCodeError):
        link_of_token(token[:-1])


def test_link_is_no_sign_in_and_opens_no_other_survey(survey, branch, secretary, token):
    phone = device()
    open_on(phone, token)
    other = make_open_survey(branch, secretary, voters=3)

    for one in (survey, other):
        assert phone.get(reverse("assessments:vote", args=[one.public_id])).status_code == 302
    assert phone.get("/").status_code == 302
    assert "sfg" not in phone.cookies


def test_device_is_kept_in_a_cookie_of_this_survey_that_scripts_cannot_read(survey, token):
    phone = device()
    phone.post(ENTRY, {"code": token})

    cookie = phone.cookies[f"vote-{survey.public_id}"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/v/", "Lax")
    assert token not in cookie.value


def test_made_up_cookie_is_no_device(survey, token):
    phone = device()
    open_on(phone, token)
    thief = device()
    thief.cookies[f"vote-{survey.public_id}"] = phone.cookies[f"vote-{survey.public_id}"].value[:-3] + "abc"

    assert thief.post(ENTRY, {"code": token}).status_code == 409


def test_couple_shares_a_phone_with_two_links(survey, branch, officer, elder):
    wife = MemberFactory(branch=branch)
    with maintenance():
        survey.roll.create(member=wife)
    tokens = [link.token for link in make_links(survey, members=[elder, wife], actor=officer, witness="孙样甲")]
    phone = device()
    for token in tokens:
        open_on(phone, token)

    hashes = {bytes(link.device_hash) for link in VotingLink.objects.all()}
    assert len(hashes) == 2  # nobody sees from the rows that it is one phone
    assert all("选票已投入票箱" in text_of(cast(phone, token)) for token in tokens)


def test_closed_survey_opens_no_link_and_forgets_the_devices(survey, elder, officer, token):
    open_on(phone := device(), token)
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        late = [client.post(ENTRY, {"code": token, "step": "open"}) for client in (phone, device())]
        assert all("测评已经截止" in text_of(answer) for answer in late)
        close_survey(survey)
        assert VotingLink.objects.get().device_hash is None
        assert "测评已经截止" in text_of(phone.post(ENTRY, {"code": token}))
        destroy_openings(survey)
    assert VotingLink.objects.count() == 0


def test_member_taken_off_the_roll_loses_his_link(survey, elder, token):
    with maintenance():  # what a change by two people does
        survey.roll.get(member=elder).delete()

    assert device().post(ENTRY, {"code": token}).status_code == 400


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_devices_at_once_one_gets_the_link(survey, token):
    devices = [new_device() for _phone in range(20)]

    def race(one):
        try:
            open_link(link_of_token(token), device=one)
        except OpenedElsewhereError:
            return ""
        return one

    won = [one for one in in_threads([lambda one=one: race(one) for one in devices * 2], threads=20) if one]
    assert len(set(won)) == 1
    assert len(won) == 2  # the same device may do it again


# --- The officer's page -----------------------------------------------------------------------------------------------


def links_page(survey):
    return reverse("assessments:voting_links", args=[survey.pk])


def test_slips_carry_the_name_and_a_code_that_leads_to_the_entry(client, survey, officer, elder, settings):
    client.force_login(officer)
    answer = client.post(links_page(survey), {"everybody": "on", "witness": "孙样甲", "print": "1"})

    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        words = pdf.pages[0].extract_text()
        image = pdf.pages[0].to_image(resolution=150).original
    assert elder.name in words
    (code,) = zxingcpp.read_barcodes(image)
    address, _hash, token = code.text.partition("#")
    assert address == f"{settings.SITE_URL}/v/"
    assert link_of_token(token).entry.member == elder
    assert "no-store" in answer["Cache-Control"]


def test_links_for_sending_are_shown_with_the_token_behind_the_hash(client, survey, officer, elder):
    client.force_login(officer)
    entry = survey.roll.get(member=elder)
    page = text_of(client.post(links_page(survey), {"entries": [entry.pk], "witness": "孙样甲", "send": "1"}))

    (token,) = re.findall(r"/v/#([0-9A-Z]{24})", page)
    assert link_of_token(token).entry == entry
    assert not re.search(rf'(href|action|src)="[^"]*{token}', page)


def test_page_says_who_has_a_link_and_not_who_has_voted(client, survey, officer, elder, token):
    client.force_login(officer)
    before = without_tokens(client.get(links_page(survey)))
    open_on(phone := device(), token)
    cast(phone, token)

    assert "已有链接" in before
    assert without_tokens(client.get(links_page(survey))) == before


@pytest.mark.parametrize(("who", "status"), [("secretary", 403), ("other_secretary", 404), ("stranger", 404)])
def test_others_do_not_get_the_page(client, survey, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(links_page(survey)).status_code == status


def test_nothing_chosen_is_said_at_the_field(client, survey, officer):
    client.force_login(officer)
    answer = client.post(links_page(survey), {"witness": "孙样甲", "send": "1"})

    assert answer.status_code == 400
    assert "请选择给谁链接" in text_of(answer)


@pytest.mark.parametrize("more", [1, 3])
def test_page_asks_the_same_number_of_questions_for_one_and_three(
    client, survey, branch, officer, more, quiet_menu, django_assert_num_queries
):
    with maintenance():
        for _unused in range(more - 1):
            survey.roll.create(member=MemberFactory(branch=branch))
    client.force_login(officer)
    with django_assert_num_queries(9):
        client.get(links_page(survey))
