"""The dossier of a post 一岗一档 over the demonstration's year: complete, in order, and no more than one may see."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Incident, IncidentReporter, IncidentSource, Review
from campaigns.models import User
from posts.domain.chapters import dossier_of
from posts.models import Conferral, Objection
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]


def user(name):
    return User.objects.get(username=f"demo-{name}")


def chapters(conferral, who):
    return {chapter.code: chapter for chapter in dossier_of(conferral, who)}


def text_of(conferral, who):
    told = [(e.title, *(str(value) for _label, value in e.told)) for c in dossier_of(conferral, who) for e in c.entries]
    return "\n".join(" ".join(each) for each in told)


def day_of(entry):
    if isinstance(entry.on, datetime):
        return timezone.localdate(entry.on)
    return entry.on or date.min


def test_who_sees_the_post_sees_its_dossier_and_nobody_else(client):
    stranger = UserFactory()
    for who in (*User.objects.filter(username__startswith="demo-"), stranger):
        client.force_login(who)
        for post in Conferral.objects.all():
            expected = 200 if Conferral.objects.visible_to(who).filter(pk=post.pk).exists() else 404
            assert client.get(reverse("posts:dossier", args=[post.pk])).status_code == expected
    assert Conferral.objects.visible_to(stranger).count() == 0


def test_a_post_s_whole_way_stands_in_it_in_order():
    officer = user("officer")
    post = Conferral.objects.filter(status="active", reviews__status="done").first()
    found = chapters(post, officer)
    expected = ["post", "paper", "way", "surveys", "notices", "decisions", "plaques", "reviews", "history"]
    assert [code for code in found if code in expected] == expected
    text = text_of(post, officer)
    for words in (
        post.duties,
        post.decision.document_number,
        post.plaques.first().number,
        post.nomination.reasons,
        Review.objects.filter(conferral=post, status="done").first().performance,
    ):
        assert words in text
    for code in ("way", "history"):
        days = [day_of(entry) for entry in found[code].entries]
        assert days == sorted(days), code
    periods = [entry.title.split()[-1] for entry in found["reviews"].entries]
    assert periods == list(post.reviews.order_by("period_starts_on", "pk").values_list("period", flat=True))


def test_every_document_of_the_nomination_is_named_with_its_address():
    officer = user("officer")
    for post in Conferral.objects.visible_to(officer):
        files = {name for entry in chapters(post, officer)["paper"].entries for name, _url in entry.files}
        assert files == set(post.nomination.evidence.values_list("name", flat=True))


def test_a_revoked_post_ends_with_its_ban():
    post = Conferral.objects.filter(status="revoked").first()
    end = chapters(post, user("officer"))["end"]
    assert end.entries[0].title == "已撤销"
    assert len(end.entries) == 1 + post.bans.count() > 1


def test_reports_and_objections_only_reach_who_handles_them():
    IncidentReporter.objects.update(name="钱样举")
    assert IncidentReporter.objects.exists()
    for post in Conferral.objects.filter(incidents__isnull=False).distinct():
        assert "incidents" in chapters(post, user("discipline"))
        assert "钱样举" not in text_of(post, user("discipline"))
        for who in ("secretary", "officer", "member"):
            assert "incidents" not in chapters(post, user(who))
    objected = Objection.objects.filter(item__run__nomination__conferral__isnull=False).first()
    if objected:
        post = objected.item.run.nomination.conferral
        assert objected.text not in text_of(post, user("secretary"))
    assert Incident.objects.filter(source=IncidentSource.PUBLIC).exists()


def test_the_page_has_contents_that_lead_to_each_chapter(client):
    officer = user("officer")
    post = Conferral.objects.filter(status="active").first()
    client.force_login(officer)
    page = client.get(reverse("posts:dossier", args=[post.pk])).content.decode()
    for chapter in dossier_of(post, officer):
        assert f'href="#{chapter.code}"' in page
        assert f'id="{chapter.code}"' in page


def test_a_dossier_costs_a_bounded_number_of_queries(client, quiet_menu):
    client.force_login(user("discipline"))
    costs = []
    for post in Conferral.objects.all():
        url = reverse("posts:dossier", args=[post.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert max(costs) <= 60
