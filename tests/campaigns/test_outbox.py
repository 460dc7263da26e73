"""Messages on their way out, with a real mail server and a real web hook on this machine."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.domain import carriers
from campaigns.domain.clock import tick
from campaigns.domain.messages import choose_channels, tell
from campaigns.models import Delivery, DeliveryState, DueItem, DueState, Message, MessageChoice
from config.mail import mail_settings
from tests.sinks import hook_sink, mail_sink

pytestmark = pytest.mark.django_db

NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-11-23T22:00:00+08:00")
MORNING = datetime.fromisoformat("2026-11-24T08:00:00+08:00")


@pytest.fixture
def sink(settings, monkeypatch):
    monkeypatch.setattr(carriers, "_paused_until", {})
    with mail_sink() as found:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{found.port}"
        for name, value in mail_settings(settings.EMAIL_URL).items():
            setattr(settings, name, value)
        # Django's own test run keeps mails in memory; these go over the wire.
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.SITE_URL = "https://posts.example.org"
        settings.DIGEST_MINUTES = 10
        settings.QUIET_HOURS = "21:00-08:00"
        yield found


@pytest.fixture
def reader(member):
    choose_channels(member, by_email=True, email="chen@example.org")
    return member


def say(*people, key="decided:1", title="岗位已命名", **more):
    tell(people, key=key, title=title, url="/posts/1/", **more)


def later(moment, **delta):
    moment.move_to(timezone.now() + timedelta(**delta))
    tick()


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_a_message_goes_out_with_title_and_link_only(sink, reader, stranger):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader, stranger, body="不应寄出的正文")
        tick()
        assert sink.mails == []
        later(moment, minutes=10)
    (mail,) = sink.mails
    assert (mail["To"], sink.subjects[0]) == ("chen@example.org", "示范岗：岗位已命名")
    assert sink.text(0).splitlines()[:2] == ["岗位已命名", "https://posts.example.org/posts/1/"]
    assert "正文" not in sink.text(0)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert Message.objects.count() == 2
    assert states() == [DeliveryState.SENT]


def test_the_same_message_is_told_and_sent_once(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        later(moment, minutes=10)
        say(reader)
        later(moment, minutes=10)
    assert (len(sink.mails), Message.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_whoever_chose_nothing_gets_no_mail(sink, member, stranger):
    member.email = "chen@example.org"
    member.save()
    with time_machine.travel(NOON, tick=False) as moment:
        say(member, stranger)
        later(moment, hours=1)
    assert (sink.mails, Message.objects.count(), Delivery.objects.count()) == ([], 2, 0)


def test_many_messages_come_in_one_mail(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        for number in range(3):
            say(reader, key=f"decided:{number}", title=f"第{number}件")
            moment.shift(timedelta(minutes=3))
        later(moment, minutes=1)
        later(moment, minutes=30)
    assert sink.subjects == ["示范岗：3 条新消息"]
    assert [line for line in sink.text(0).splitlines() if line.startswith("第")] == ["第0件", "第1件", "第2件"]
    assert states() == [DeliveryState.SENT] * 3
    assert set(DueItem.objects.values_list("state", flat=True)) == {DueState.DONE}


def test_nothing_is_sent_in_the_quiet_hours_but_all_is_there_inside(sink, reader):
    with time_machine.travel(NIGHT, tick=False) as moment:
        say(reader, key="decided:1")
        assert Message.objects.visible_to(reader).unread().count() == 1
        later(moment, hours=9, minutes=59)
        assert sink.mails == []
        moment.move_to(MORNING)
        tick()
    assert len(sink.mails) == 1


def test_what_takes_effect_at_once_is_sent_at_night(sink, reader):
    with time_machine.travel(NIGHT, tick=False):
        say(reader, urgent=True)
        tick()
    assert len(sink.mails) == 1


def test_an_item_that_a_clock_finds_only_at_night_waits_for_the_morning(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        moment.move_to(NIGHT)
        tick()
        assert sink.mails == []
        assert DueItem.objects.get(kind="message_send").due_at == MORNING
        moment.move_to(MORNING)
        tick()
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("own", "sent_at_22", "sent_at_23"),
    [(("22:30", "06:00"), 1, 1), (("12:00", "12:00"), 1, 1), (("20:00", "22:45"), 0, 1)],
)
def test_a_user_has_his_own_quiet_hours(sink, member, own, sent_at_22, sent_at_23):
    first, last = (datetime.strptime(text, "%H:%M").time() for text in own)  # noqa: DTZ007
    choose_channels(member, by_email=True, email="chen@example.org", quiet_from=first, quiet_until=last)
    with time_machine.travel(NIGHT, tick=False) as moment:
        say(member)
        later(moment, minutes=10)
        assert len(sink.mails) == sent_at_22
        later(moment, minutes=50)
    assert len(sink.mails) == sent_at_23


def test_a_daily_mail_comes_after_the_quiet_hours(sink, member):
    choose_channels(member, by_email=True, email="chen@example.org", pace="daily")
    with time_machine.travel(NOON, tick=False) as moment:
        say(member, key="decided:1")
        moment.shift(timedelta(hours=3))
        say(member, key="decided:2")
        later(moment, hours=2)
        assert sink.mails == []
        moment.move_to(MORNING)
        tick()
    assert sink.subjects == ["示范岗：2 条新消息"]


def test_what_was_read_inside_is_not_sent(sink, reader, client):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        client.force_login(reader)
        client.get("/messages/")
        later(moment, minutes=10)
    assert (sink.mails, states()) == ([], [DeliveryState.DROPPED])
    assert Delivery.objects.get().note == "已在系统内阅读"


def test_who_changes_his_mind_gets_nothing_any_more(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        choose_channels(reader, by_email=False, email="chen@example.org")
        later(moment, minutes=10)
    assert (sink.mails, Delivery.objects.get().note) == ([], "本人已不再需要")


def test_what_is_too_old_stays_inside(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        later(moment, days=4)
    assert (sink.mails, Delivery.objects.get().note) == ([], "时间过久")


def test_a_server_that_puts_us_off_gets_the_same_mail_later(sink, reader, monkeypatch):
    sink.answers = ["451 try again later"]
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        later(moment, minutes=10)
        item = DueItem.objects.get(kind="message_send")
        assert (item.attempts, item.error, states()) == (
            1,
            "UndeliveredError: 邮件服务器返回错误 451。",
            [DeliveryState.WAITING],
        )
        number = Delivery.objects.get().batch
        say(reader, key="decided:2", title="后来的")
        monkeypatch.setattr(carriers, "_paused_until", {})
        later(moment, minutes=30)
    first = next(mail for mail in sink.mails if mail["Message-ID"] == f"<{number}@posts.example.org>")
    assert (first["Subject"].strip(), len(sink.mails)) == ("示范岗：岗位已命名", 2)
    assert states() == [DeliveryState.SENT] * 2


def test_a_server_that_is_away_is_left_alone_for_a_moment(sink, reader, officer, settings):
    choose_channels(officer, by_email=True, email="wu@example.org")
    settings.EMAIL_PORT = 1
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader, officer)
        later(moment, minutes=10)
    tries = sorted(DueItem.objects.filter(kind="message_send").values_list("attempts", flat=True))
    assert tries == [0, 1]
    assert "chen@" not in "".join(DueItem.objects.values_list("error", flat=True))


def test_a_refused_address_is_switched_off_and_its_owner_told_inside(sink, reader):
    sink.refused = {"chen@example.org"}
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        later(moment, minutes=10)
    assert states() == [DeliveryState.DROPPED]
    assert MessageChoice.objects.get(user=reader).by_email is False
    assert Message.objects.visible_to(reader).first().title == "系统外通知已关闭"
    assert not DueItem.objects.filter(state=DueState.PENDING).exists()


def test_a_title_with_line_breaks_adds_no_header(sink, reader):
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader, title="命名\r\nBcc: all@example.org")
        later(moment, minutes=10)
    assert (sink.subjects, sink.mails[0]["Bcc"]) == (["示范岗：命名 Bcc: all@example.org"], None)


def test_the_message_service_gets_title_and_link_at_the_person_s_own_address(settings, member, monkeypatch):
    monkeypatch.setattr(carriers, "_paused_until", {})
    settings.SITE_URL = "https://posts.example.org"
    with hook_sink() as (port, posted):
        settings.CHANNEL_URL = f"json://127.0.0.1:{port}/notify/{{address}}"
        choose_channels(member, by_channel=True, channel_address="chen.01")
        with time_machine.travel(NOON, tick=False) as moment:
            say(member, body="不应寄出的正文")
            later(moment, minutes=10)
    ((path, content),) = posted
    assert (path, content["title"]) == ("/notify/chen.01", "示范岗：岗位已命名")
    assert content["message"].startswith("岗位已命名\nhttps://posts.example.org/posts/1/")
    assert "正文" not in content["message"]
    assert states() == [DeliveryState.SENT]


def test_a_message_service_that_is_away_is_tried_again(settings, member, monkeypatch):
    monkeypatch.setattr(carriers, "_paused_until", {})
    settings.CHANNEL_URL = "json://127.0.0.1:1/{address}"
    choose_channels(member, by_channel=True, channel_address="chen.01")
    with time_machine.travel(NOON, tick=False) as moment:
        say(member)
        later(moment, minutes=10)
    assert DueItem.objects.get(kind="message_send").error == "UndeliveredError: 消息服务没有接收这条消息。"


def test_both_ways_have_a_delivery_each(sink, settings, reader):
    settings.CHANNEL_URL = "json://127.0.0.1:1/{address}"
    choose_channels(reader, by_email=True, email="chen@example.org", by_channel=True, channel_address="c")
    with time_machine.travel(NOON, tick=False) as moment:
        say(reader)
        later(moment, minutes=10)
    assert sorted(Delivery.objects.values_list("channel", "state")) == [("channel", "waiting"), ("email", "sent")]


def test_telling_costs_the_same_for_one_and_many(sink, django_assert_num_queries, committee):
    from tests.factories import UserFactory

    people = [UserFactory(email=f"p{number}@example.org") for number in range(5)]
    for person in people:
        choose_channels(person, by_email=True, email=person.email)
    for number, group in enumerate((people[:1], people)):
        with django_assert_num_queries(7):
            say(*group, key=f"decided:{number}")
