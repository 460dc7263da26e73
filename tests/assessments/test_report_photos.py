"""Photographs with a report: what they are is told from their content, what the camera wrote is gone, few may look."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from assessments.domain import report_photos
from assessments.domain.incidents import report_incident
from assessments.models import Incident, ReportPhoto
from campaigns.domain.errors import DomainError
from campaigns.models import JournalEntry

pytestmark = pytest.mark.django_db

TEXT = "窗口上班时间无人值守，见照片。"
SECRET = "Sun Yangjia Phone 13"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(kind="JPEG", *, name="孙样甲家门口.jpg", size=(60, 40), turned=False, colour="red"):
    """A photograph as a phone makes it: with device, place and orientation in it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = SECRET, SECRET
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 5.0)
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return SimpleUploadedFile(name, out.getvalue())


def report(title, *photos):
    return report_incident(title, text=TEXT, photos=photos)


def url_of(photo):
    return reverse("assessments:report_photo", args=[photo.pk])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_without_anything_but_the_picture(title, kind):
    sent = picture(kind, turned=True)
    assert SECRET.encode() in sent.read()
    sent.seek(0)

    report(title, sent)

    photo = ReportPhoto.objects.get()
    with photo.file.open("rb") as stored:
        content = stored.read()
    with Image.open(io.BytesIO(content)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif()), kept.info.get("exif")) == ("JPEG", (40, 60), {}, None)
    assert (photo.width, photo.height, photo.size) == (40, 60, len(content))
    assert SECRET.encode() not in content
    assert "孙样甲" not in photo.file.name


def test_a_large_photograph_is_made_smaller(title):
    report(title, picture(size=(4000, 3000)))

    assert (ReportPhoto.objects.get().width, ReportPhoto.objects.get().height) == (2000, 1500)


def test_the_same_photograph_twice_is_kept_once(title):
    report(title, picture(), picture(name="b.jpg"), picture(colour="blue"))

    assert ReportPhoto.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7 x", "a.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg"),
        (b"\xff\xd8\xff\xe0 broken", "a.jpg"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "a.gif"),
        (b"", "a.png"),
        (b"PK\x03\x04", "a.png"),
    ],
)
def test_what_is_no_photograph_is_refused_whatever_its_name(title, content, name):
    with pytest.raises(DomainError, match="不是可以读取的照片") as error:
        report(title, SimpleUploadedFile(name, content))

    assert (error.value.field, Incident.objects.count()) == ("photos", 0)


def test_too_many_too_heavy_or_too_wide_is_refused(title, monkeypatch):
    with pytest.raises(DomainError, match="照片最多4张"):
        report(title, *[picture() for _n in range(5)])
    monkeypatch.setattr(report_photos, "MAX_PIXELS", 2399)
    with pytest.raises(DomainError, match="尺寸过大"):
        report(title, picture())
    monkeypatch.setattr(report_photos, "MAX_BYTES", 10)
    with pytest.raises(DomainError, match="最大不得超过"):
        report(title, picture())
    assert not Incident.objects.exists()


def test_only_the_verifying_role_sees_them(
    title, client, discipline, committee_member, officer, secretary, member, stranger
):
    incident = report(title, picture())
    photo = incident.photos.get()
    detail = reverse("assessments:incident_detail", args=[incident.pk])
    seen = {}
    for user in (discipline, committee_member, officer, secretary, member, stranger):
        client.force_login(user)
        answer = client.get(url_of(photo))
        seen[user] = answer.status_code
        b"".join(answer)
        page = client.get(detail)
        assert (url_of(photo) in page.content.decode()) == (user == discipline)
    client.logout()
    assert client.get(url_of(photo)).status_code == 302

    assert seen == {discipline: 200, **dict.fromkeys((committee_member, officer, secretary, member, stranger), 404)}
    client.force_login(discipline)
    answer = client.get(url_of(photo))
    b"".join(answer)
    assert answer["Content-Type"] == "image/jpeg"
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == ("nosniff", True)


def test_the_public_page_takes_photographs_and_says_what_is_wrong_with_one(title, client):
    url = reverse("assessments:report", args=[title.public_id])
    token = client.get(url).context["form"].new_token()
    wrong = client.post(url, {"text": TEXT, "token": token, "photos": [SimpleUploadedFile("a.jpg", b"text")]})
    assert (wrong.status_code, "不是可以读取的照片" in wrong.content.decode()) == (400, True)

    done = client.post(url, {"text": TEXT, "token": token, "photos": [picture(), picture(colour="blue")]})
    again = client.post(url, {"text": TEXT, "token": token, "photos": [picture(colour="green")]})

    assert (done.status_code, again.status_code, ReportPhoto.objects.count()) == (200, 200, 2)
    assert done.context["incident"] == again.context["incident"]


def test_an_officer_hands_over_photographs_that_he_does_not_see_afterwards(title, client, officer, discipline):
    client.force_login(officer)
    sent = {"conferral": title.pk, "source": "inspection", "text": TEXT, "photos": [picture()]}
    assert client.post(reverse("assessments:incident_create"), sent).status_code == 200

    photo = ReportPhoto.objects.get()
    assert client.get(url_of(photo)).status_code == 404
    assert list(ReportPhoto.objects.visible_to(discipline)) == [photo]


def test_nothing_of_the_file_is_written_anywhere_else(title):
    report(title, picture())

    assert SECRET not in "".join(JournalEntry.objects.values_list("body", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM assessments_reportphoto")
        assert "孙样甲" not in str(cursor.fetchall())
