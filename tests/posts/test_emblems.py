"""The emblem on plaques: only an uploaded, checked image, by who issues plaques."""

import io

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageFile

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import history_of
from posts.documents.images import check_image
from posts.documents.plaque import plaque_pdf
from posts.domain.emblems import emblem_for, remove_emblem, set_emblem
from posts.models import Emblem, Plaque
from tests.posts.cases import make_conferral, make_kind

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
BLUE = SVG.format('<rect width="9" height="9" fill="#0000ff"/>').encode()


def png(width=300, height=300, colour="#00ff00"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def give(unit, actor, image=BLUE, **fields):
    return set_emblem(unit, actor=actor, image=image, **{"source": "共产党员网", "declared": True, **fields})


@pytest.fixture
def plaque(committee, branch, committee_member, officer):
    make_conferral(make_kind(committee), branch, decider=committee_member, releaser=officer)
    return Plaque.objects.get()


def middle_of_emblem(plaque):
    image = pypdfium2.PdfDocument(plaque_pdf([plaque]))[0].render(scale=1).to_pil()
    return image.getpixel((round(148.5 / 25.4 * 72), round(25 / 25.4 * 72)))[:3]


@pytest.mark.parametrize(("image", "colour"), [(BLUE, (0, 0, 255)), (png(), (0, 255, 0))])
def test_the_uploaded_image_is_printed_unaltered(plaque, committee, officer, image, colour):
    assert middle_of_emblem(plaque) != colour

    emblem = give(committee, officer, image)

    assert middle_of_emblem(plaque) == colour
    assert [bytes(emblem.content) == image, list(history_of(emblem).values_list("kind", flat=True))] == [
        True,
        ["emblem_set"],
    ]


def test_without_an_upload_no_emblem_is_printed(plaque):
    assert emblem_for(plaque.issuer_unit.path) == b""


def test_the_nearest_unit_counts_and_one_is_in_use_at_a_time(committee, branch, other_branch, officer):
    give(committee, officer)
    give(branch, officer, png())
    give(branch, officer, png(colour="#ff0000"))

    assert emblem_for(branch.path) == png(colour="#ff0000")
    assert emblem_for(other_branch.path) == BLUE
    assert Emblem.objects.in_use().count() == 2
    assert Emblem.objects.count() == 3


def test_an_emblem_is_taken_off_and_stays_in_the_record(plaque, committee, officer):
    emblem = give(committee, officer)

    remove_emblem(emblem, actor=officer)

    assert emblem_for(committee.path) == b""
    assert list(history_of(emblem).values_list("kind", flat=True)) == ["emblem_set", "emblem_removed"]


def test_only_who_issues_plaques_sets_it_and_answers_for_it(committee, secretary, officer):
    with pytest.raises(PermissionDenied):
        give(committee, secretary)
    with pytest.raises(DomainError) as caught:
        give(committee, officer, declared=False)
    assert caught.value.field == "declared"


@pytest.mark.parametrize(
    "image",
    [
        b"GIF89a",
        b"",
        png(299, 400),
        png()[:200],
        b"\x89PNG\r\n\x1a\n" + b"0" * 500_001,
        SVG.format("<script>alert(1)</script>").encode(),
        SVG.format('<image href="http://127.0.0.1/x.png"/>').encode(),
        SVG.format('<use href="http://127.0.0.1/x.svg#a"/>').encode(),
        SVG.format('<rect onclick="x()" width="9" height="9"/>').encode(),
        SVG.format('<rect style="fill: url(http://127.0.0.1/x)" width="9" height="9"/>').encode(),
        SVG.format("<style>@import url(http://127.0.0.1/x.css)</style>").encode(),
        SVG.format("<text>字</text>").encode(),
        SVG.format("<foreignObject/>").encode(),
        SVG.format("<g>" * 50 + "</g>" * 50).encode(),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + BLUE,
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html/>",
    ],
)
def test_what_is_no_plain_drawing_is_refused(image, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it for the whole process
    with pytest.raises(DomainError):
        check_image(image)


def test_a_plain_svg_with_gradients_is_taken():
    drawing = (
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><path d="M0 0h9v9z" fill="url(#a)"/>'
    )

    assert check_image(SVG.format(drawing).encode()) == "image/svg+xml"


def test_it_is_uploaded_and_taken_off_by_page(committee, officer, member):
    client, address = Client(), reverse("posts:emblem_list")
    client.force_login(officer)
    data = {"org_unit": committee.pk, "source": "官方网站", "declared": "on"}

    refused = client.post(address, {**data, "image": SimpleUploadedFile("a.svg", b"<html/>")})
    taken = client.post(address, {**data, "image": SimpleUploadedFile("a.svg", BLUE)})

    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["image"])
    assert taken.status_code == 302
    assert "data:image/svg+xml;base64," in client.get(address).content.decode()
    assert client.post(reverse("posts:emblem_remove"), {"emblem": Emblem.objects.get().pk}).status_code == 302
    assert Emblem.objects.in_use().count() == 0
    client.force_login(member)
    assert client.get(address).status_code == 403
