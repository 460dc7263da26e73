import pytest
from django.urls import reverse

from campaigns.models import Message, MessageChoice

pytestmark = pytest.mark.django_db

CHOICE = {"by_email": "on", "email": "chen@example.org", "pace": "daily", "quiet_from": "20:30", "quiet_until": "07:00"}


@pytest.fixture(autouse=True)
def ways(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    settings.CHANNEL_URL = "json://127.0.0.1/{address}"
    settings.CHANNEL_NAME = "企业微信"


def post(client, **more):
    return client.post(reverse("campaigns:message_choice"), {**CHOICE, **more})


def test_a_user_chooses_how_he_is_told(client, member):
    client.force_login(member)
    assert post(client).status_code == 302
    member.refresh_from_db()
    choice = member.message_choice
    assert (member.email, choice.by_email, choice.by_channel, choice.pace) == ("chen@example.org", True, False, "daily")
    page = client.get(reverse("campaigns:message_choice")).content.decode()
    assert 'value="20:30"' in page
    assert "同时发企业微信" in page


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("email", {"email": ""}),
        ("email", {"email": "nobody"}),
        ("channel_address", {"by_channel": "on", "channel_address": ""}),
        ("channel_address", {"by_channel": "on", "channel_address": "../admin?x=1"}),
        ("quiet_until", {"quiet_until": ""}),
        ("quiet_from", {"quiet_from": "half past eight"}),
        ("pace", {"pace": "never"}),
    ],
)
def test_a_choice_that_cannot_be_is_said_at_its_field(client, member, field, change):
    client.force_login(member)
    answer = post(client, **change)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not MessageChoice.objects.exists()


def test_a_way_that_the_site_does_not_have_is_not_offered_and_its_choice_kept(client, member, settings):
    client.force_login(member)
    post(client, by_channel="on", channel_address="chen.01")
    settings.CHANNEL_URL = ""
    assert "by_channel" not in client.get(reverse("campaigns:message_choice")).content.decode()
    post(client, pace="soon")
    choice = MessageChoice.objects.get()
    assert (choice.by_channel, choice.channel_address, choice.pace) == (True, "chen.01", "soon")


def test_a_site_without_ways_out_says_so(client, member, settings):
    settings.EMAIL_URL = settings.CHANNEL_URL = ""
    client.force_login(member)
    page = client.get(reverse("campaigns:message_choice")).content.decode()

    assert "本系统没有配置系统外的通知渠道" in page


def test_the_choice_needs_an_account(client):
    assert client.get(reverse("campaigns:message_choice")).status_code == 302


def test_messages_have_pages_and_those_shown_become_read(client, member):
    Message.objects.bulk_create(Message(user=member, key=str(n), title=f"第{n}件") for n in range(51))
    client.force_login(member)
    assert len(client.get(reverse("campaigns:message_list")).context["all_messages"]) == 50
    assert Message.objects.unread().count() == 1
    assert len(client.get(reverse("campaigns:message_list"), {"page": 2}).context["all_messages"]) == 1
    assert Message.objects.unread().count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_message_list_query_count(client, member, rows, django_assert_num_queries, quiet_menu):
    Message.objects.bulk_create(Message(user=member, key=str(n), title=f"第{n}件") for n in range(rows))
    client.force_login(member)
    with django_assert_num_queries(5):
        client.get(reverse("campaigns:message_list"))
