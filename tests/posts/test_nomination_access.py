"""Who gets what at each URL of the nominations, in each state: strangers find nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from posts.domain.evidence import add_evidence
from posts.domain.nominations import submit_nomination
from posts.domain.pipeline import current_run
from tests.factories import MemberFactory, make_kind, make_nomination

WHO = ("secretary", "officer", "committee_member", "member", "other_secretary", "stranger", None)

#: page → state → answer for each of WHO. The member is one of the people of the post; 302 is the sign-in.
TABLE = {
    "nomination_detail": {
        "draft": (200, 404, 404, 200, 404, 404, 302),
        "open": (200, 200, 200, 200, 404, 404, 302),
    },
    "nomination_edit": {
        "draft": (200, 404, 404, 403, 404, 404, 302),
        "open": (302, 302, 403, 403, 404, 404, 302),
    },
    "nomination_withdraw": {
        "draft": (200, 404, 404, 403, 404, 404, 302),
        "open": (200, 200, 403, 403, 404, 404, 302),
    },
    "meeting_create": {
        "draft": (200, 404, 404, 403, 404, 404, 302),
        "open": (200, 200, 403, 403, 404, 404, 302),
    },
    "run_return": {
        "draft": (200, 404, 404, 403, 404, 404, 302),
        "open": (200, 200, 403, 403, 404, 404, 302),
    },
    "run_endorse": {
        "draft": (403, 404, 404, 403, 404, 404, 302),
        "open": (403, 403, 403, 403, 404, 404, 302),
    },
    "evidence_download": {
        "draft": (200, 404, 404, 200, 404, 404, 302),
        "open": (200, 200, 200, 200, 404, 404, 302),
    },
}
ROWS = [
    (page, state, who, status)
    for page, states in TABLE.items()
    for state, answers in states.items()
    for who, status in zip(WHO, answers, strict=True)
]


@pytest.fixture
def nomination(campaign, branch, secretary, member):
    kind = make_kind(campaign, {"kind": "deliberate"}, {"kind": "endorse", "actor": ["committee"]}, holder="team")
    nomination = make_nomination(kind, branch, secretary, member.member, MemberFactory(branch=branch))
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    add_evidence(nomination, upload=upload, actor=secretary)
    return nomination


@pytest.mark.parametrize(("page", "state", "who", "status"), ROWS)
def test_user_page_status(request, client, nomination, *, page, state, who, status):
    if state == "open":
        submit_nomination(nomination, actor=request.getfixturevalue("secretary"))
    if who:
        client.force_login(request.getfixturevalue(who))
    if page == "evidence_download":
        pk = nomination.evidence.get().pk
    else:
        pk = nomination.pk if page.startswith("nomination") else current_run(nomination).pk

    response = client.get(reverse(f"posts:{page}", args=[pk]))
    if response.streaming:
        list(response.streaming_content)  # reading to the end closes the file
    assert response.status_code == status


@pytest.mark.parametrize("page", ["nomination_list", "nomination_create"])
def test_lists_are_for_people_who_are_signed_in(client, stranger, page):
    assert client.get(reverse(f"posts:{page}")).status_code == 302
    client.force_login(stranger)
    assert client.get(reverse(f"posts:{page}")).status_code == 200


def test_a_consent_is_seen_by_its_member_only(client, campaign, branch, secretary, member, officer, stranger):
    kind = make_kind(campaign, {"kind": "nominate"}, {"kind": "consent", "actor": ["holder"]})
    nomination = make_nomination(kind, branch, secretary, member.member, submit=True)
    consent = current_run(nomination).consents.get()
    url, record = (reverse(f"posts:{name}", args=[consent.pk]) for name in ("consent_answer", "consent_record"))

    answers = []
    for user in (member, secretary, officer, stranger):
        client.force_login(user)
        answers.append(client.get(url).status_code)
    assert answers == [200, 404, 404, 404]
    answers = []
    for user in (stranger, member):
        client.force_login(user)
        answers.append(client.post(record, {"answer": "agreed"}).status_code)
    assert answers == [404, 403]
    client.force_login(secretary)
    assert client.get(record).status_code == 405
