import pytest
from django.core.management import CommandError, call_command

from campaigns.models import OrgUnit, User
from campaigns.permissions import may_on_unit

NAME = "中共示例县青样镇委员会"


def test_the_first_officer_can_sign_in_and_set_up_everything(client, db, capsys):
    call_command("found", NAME, code="QY", officer="吴样甲")
    password = capsys.readouterr().out.splitlines()[-1].split("：")[-1].strip()
    officer, unit = User.objects.get(), OrgUnit.objects.get()

    for permission in ("manage_organization", "manage_roster", "manage_accounts", "manage_campaign"):
        assert may_on_unit(officer, permission, unit)
    assert client.post("/login/", {"username": "officer", "password": password}).status_code == 302
    assert client.get("/").url == "/account/password/"


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ({"code": "QY", "login": "second"}, "QY"),
        ({"code": "QZ", "login": "officer"}, "officer"),
        ({"code": "QZ", "login": "second", "kind": "office"}, "党组织"),
    ],
)
def test_a_second_founding_names_what_is_taken(second, sentence, db):
    call_command("found", NAME, code="QY", officer="吴样甲")

    with pytest.raises(CommandError, match=sentence):
        call_command("found", NAME, officer="吴样乙", **second)
    assert OrgUnit.objects.count() == 1
