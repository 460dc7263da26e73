"""The archive of a campaign over the demonstration's year: folders, index, check sums, and who may take it."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.models import Campaign, User
from posts.documents.archive import DATA, INDEX, SUMS, VERIFIER, Filed, Folder, pack, safe_name, write_archive
from posts.domain.print_jobs import order_print
from posts.models import Conferral, PrintJob

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def campaign(story):
    return Campaign.objects.filter(status="open").order_by("pk").first()


@pytest.fixture
def archived(client, campaign):
    client.force_login(User.objects.get(username="demo-officer"))
    assert client.post(reverse("posts:campaign_archive", args=[campaign.pk])).status_code == 302
    while PrintJob.objects.at_work().exists():
        tick()
    return PrintJob.objects.get()


def test_the_archive_holds_every_post_and_checks_itself(archived, campaign, tmp_path):
    assert (archived.state, archived.error) == ("done", "")
    assert (archived.content_type, archived.file_name[-4:]) == ("application/zip", ".zip")
    with ZipFile(archived.result) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        root = names[0].split("/")[0]
        data = json.loads(archive.read(f"{root}/{DATA}"))
        index = archive.read(f"{root}/{INDEX}").decode()
        archive.extractall(tmp_path)
    assert {name.split("/")[0] for name in names} == {root}
    officer = User.objects.get(username="demo-officer")
    for post in Conferral.objects.visible_to(officer).filter(campaign=campaign).select_related("org_unit"):
        folder = f"{root}/3 岗位/{safe_name(f'{post.org_unit.name} {post.name}')}/"
        assert folder + "一岗一档.pdf" in names
        assert len([name for name in names if name.startswith(folder)]) > 1
    assert any(name.endswith("示范岗花名册.xlsx") for name in names)
    assert {entry["path"] for entry in data["files"] if not entry["fault"]} == {
        name.removeprefix(f"{root}/") for name in names
    } - {DATA, INDEX, VERIFIER, SUMS}
    assert [entry["fault"] for entry in data["files"] if entry["fault"]] == []
    for entry in data["files"]:
        assert entry["sha256"] in index

    folder = tmp_path / root
    assert checked(folder / VERIFIER)[0] == 0
    assert checked(folder / VERIFIER, archived.result)[0] == 0
    (folder / INDEX).write_text("anders")
    (folder / "extra.txt").write_text("")
    next(iter((folder / "1 台账").glob("*.pdf"))).unlink()
    code, said = checked(folder / VERIFIER)
    assert code == 1
    assert ("改动过：" + INDEX in said, "多出：extra.txt" in said, "缺少：1 台账/" in said) == (True, True, True)


def checked(program, *words):
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, *words], capture_output=True, check=False, env={"PYTHONUTF8": "1"}
    )
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("username", ["demo-secretary", "demo-committee", "demo-discipline", "demo-member"])
def test_only_who_runs_the_campaign_takes_its_archive(client, campaign, username):
    user = User.objects.get(username=username)
    client.force_login(user)
    expected = 403 if Campaign.objects.visible_to(user).filter(pk=campaign.pk).exists() else 404
    assert client.post(reverse("posts:campaign_archive", args=[campaign.pk])).status_code == expected
    assert client.get(reverse("posts:campaign_archive", args=[campaign.pk])).status_code == 405
    order_print("archive", actor=user, params={"campaign": campaign.pk}, title="x")  # past the page
    tick()
    assert PrintJob.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("便民服务/大厅:一楼*", "便民服务 大厅 一楼"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("  岗位 . ", "岗位"),
        ("..", "_"),
        ("a\u202eb\x00c", "ab c"),
        ("岗" * 200, "岗" * 50),
        ("../../etc/passwd", "etc passwd"),
    ],
)
def test_names_are_safe_everywhere(text, name):
    assert safe_name(text) == name


def test_the_index_shows_titles_faults_and_notes_as_text(tmp_path):
    """A character without a face is told there; what people typed stays text in the page and in its links."""
    typed, parcel = '<img src="http://127.0.0.1:9/x" onerror=alert(1)>', tmp_path / "parcel"
    files = [
        (Filed(f"3 {typed}.pdf", typed, note=f"〔U+31350〕{typed}"), b"%PDF"),
        (Filed("4.pdf", "x", fault=typed), b""),
    ]
    parcel.write_bytes(pack(files))
    write_archive([parcel], tmp_path / "a.zip", root="r", about={"title": typed, "owner": typed, "anchor": ""}, at=NOW)
    with ZipFile(tmp_path / "a.zip") as archive:
        index = archive.read(f"r/{INDEX}").decode()
        data = json.loads(archive.read(f"r/{DATA}"))
    assert "<img" not in index
    assert index.count("&lt;img") == 7  # twice the title, owner, folder, title and note of one file, fault of the other
    assert "〔U+31350〕" in index
    assert [entry["note"][:9] for entry in data["files"]] == ["〔U+31350〕", ""]


def test_two_of_the_same_name_lie_side_by_side():
    folder = Folder()
    assert [folder.name("Plan", ".pdf"), folder.name("plan", ".pdf")] == ["Plan.pdf", "plan（2）.pdf"]
