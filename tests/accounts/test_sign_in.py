"""Signing in: passwords, lockout, one-time codes, idle sessions, and who may do what."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bole.accounts import actions
from bole.accounts.models import Role, RoleGrant
from bole.engine.errors import BoleError
from bole.record.models import Entry
from bole.record.streams import action_label

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in/"


def enter(client, username: str, password: str, code: str = ""):
    return client.post(SIGN_IN, {"username": username, "password": password, "code": code})


def test_pages_ask_for_a_sign_in(client):
    answer = client.get("/people/")
    assert answer.status_code == 302
    assert answer.url.startswith(SIGN_IN)


def test_five_wrong_passwords_lock_the_name_and_argon2_is_used(client, user_with, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = user_with("section_officer", username="lin")
    assert identify_hasher(user.password).algorithm == "argon2"
    for _attempt in range(4):
        assert enter(client, "lin", "wrong").status_code == 200
    assert enter(client, "lin", "wrong").status_code == 429
    locked = enter(client, "lin", "correct horse")
    assert locked.status_code == 429
    assert "锁定" in locked.content.decode()
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
    # Another name is not locked, and the security administrator opens this one again.
    user_with("auditor", username="qian")
    assert enter(client, "qian", "correct horse").status_code == 302
    client.logout()
    actions.unlock(actor=user_with("security_administrator"), user=user)
    assert enter(client, "lin", "correct horse").url == "/"


def test_one_time_codes_are_asked_for_once_switched_on(client, user_with):
    user = user_with("section_officer", username="lin")
    client.force_login(user)
    client.get(reverse("accounts:authenticator"))
    device = TOTPDevice.objects.get(user=user)
    code = f"{totp(device.bin_key):06d}"
    client.post(reverse("accounts:authenticator"), {"code": code})
    device.refresh_from_db()
    assert device.confirmed
    client.logout()
    assert "动态口令" in enter(client, "lin", "correct horse").content.decode()
    TOTPDevice.objects.update(last_t=-1)  # the same code within half a minute is refused
    answer = enter(client, "lin", "correct horse", f"{totp(device.bin_key):06d}")
    assert answer.status_code == 302
    assert Entry.objects.filter(action="account.codes").count() == 1


def test_a_code_is_not_accepted_twice(client, user_with):
    user = user_with("section_officer", username="lin")
    device = TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)
    code = f"{totp(device.bin_key):06d}"
    assert enter(client, "lin", "correct horse", code).status_code == 302
    client.logout()
    assert enter(client, "lin", "correct horse", code).status_code == 200


def test_one_time_codes_are_switched_off_with_the_password_only(client, user_with):
    user = user_with("section_officer", username="lin")
    TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)
    client.force_login(user)
    page = reverse("accounts:authenticator")
    client.post(page, {"remove": "1", "password": "wrong"})
    assert TOTPDevice.objects.filter(user=user).exists()
    client.post(page, {"remove": "1", "password": "correct horse"})
    assert not TOTPDevice.objects.filter(user=user).exists()


def test_an_idle_session_ends(sign_in, settings):
    client = sign_in("section_officer")
    assert client.get("/").status_code == 200
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url.startswith(SIGN_IN)


def test_the_three_administrators_are_separate_persons(user_with):
    security = user_with("security_administrator")
    officer = user_with("section_officer")
    with pytest.raises(BoleError) as refused:
        actions.grant_role(actor=security, user=officer, role=Role.SYSTEM_ADMINISTRATOR)
    assert refused.value.problems[0].code == "ADMINISTRATOR_SEPARATE"
    with pytest.raises(BoleError) as refused:
        actions.grant_role(actor=security, user=security, role=Role.AUDITOR)
    assert refused.value.problems[0].code == "OWN_ROLE"


def test_roles_are_granted_by_security_and_accounts_opened_by_system(user_with):
    system, security = user_with("system_administrator"), user_with("security_administrator")
    user = actions.create_user(actor=system, username="he", name="何某", password="a-long-0ne-x")
    with pytest.raises(PermissionDenied):
        actions.grant_role(actor=system, user=user, role=Role.SECTION_OFFICER)
    with pytest.raises(PermissionDenied):
        actions.create_user(actor=security, username="x", name="x", password="a-long-0ne-x")
    grant = actions.grant_role(actor=security, user=user, role=Role.SECTION_OFFICER)
    actions.withdraw_role(actor=security, grant=grant)
    assert not RoleGrant.objects.filter(user=user).exists()
    done = Entry.objects.filter(action__startswith="account.").order_by("sequence")
    codes = [entry.action for entry in done]
    assert codes == ["account.create", "account.grant", "account.withdraw"]
    assert all(action_label(code) != code for code in codes)


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator"])
def test_administrators_see_no_cadre(sign_in, role):
    client = sign_in(role)
    assert client.get("/").status_code == 200
    assert client.get("/accounts/").status_code == 200
    assert client.get("/people/").status_code == 403


def test_a_forgotten_password_is_set_anew_and_recorded(client, user_with):
    system = user_with("system_administrator")
    user = user_with("section_officer", username="lin")
    client.force_login(system)
    page = reverse("accounts:reset", args=[user.pk])
    assert client.post(page, {"password": "a-long-0ne-x"}).status_code == 302
    user.refresh_from_db()
    assert user.check_password("a-long-0ne-x")
    entry = Entry.objects.get(action="account.reset")
    assert "a-long-0ne-x" not in str(entry.after)


def test_a_weak_password_is_refused_with_a_sentence(user_with):
    with pytest.raises(BoleError) as refused:
        actions.create_user(
            actor=user_with("system_administrator"), username="he", name="何某", password="12345678"
        )
    assert refused.value.problems[0].code == "PASSWORD_WEAK"


def test_a_closed_account_cannot_sign_in(client, user_with):
    user = user_with("section_officer", username="lin")
    actions.set_active(actor=user_with("system_administrator"), user=user, active=False)
    assert enter(client, "lin", "correct horse").status_code == 200
    with pytest.raises(BoleError):
        system = user_with("system_administrator")
        actions.set_active(actor=system, user=system, active=False)


def test_a_new_office_is_opened_once_by_three_persons(client):
    with pytest.raises(BoleError) as refused:
        actions.open_office(system="甲", security="甲", audit="乙")
    assert refused.value.problems[0].code == "ADMINISTRATOR_SEPARATE"
    opened = actions.open_office(system="甲", security="乙", audit="丙")
    assert [u.username for u, _password in opened] == ["system", "security", "audit"]
    for user, password in opened:
        assert enter(client, user.username, password).url == "/"
        client.logout()
        assert password not in str(list(Entry.objects.values()))
    with pytest.raises(BoleError) as refused:
        actions.open_office(system="甲", security="乙", audit="丙")
    assert refused.value.problems[0].code == "OFFICE_OPEN"
