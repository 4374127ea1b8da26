"""What administrators and users do with accounts."""

from __future__ import annotations

import secrets

from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from bole.accounts.models import ADMINISTRATORS, Role, RoleGrant, User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record.actions import append

STREAM = "office"


@transaction.atomic
def open_office(*, system: str, security: str, audit: str) -> list[tuple[User, str]]:
    """Open the three administrators' accounts of a new office: (user, first password) each.

    The names are of three persons. Refused as soon as any account stands: from then on the
    administrators open accounts and grant roles. The record's actor is the program itself.
    """
    if User.objects.exists():
        raise BoleError(
            Problem(
                "OFFICE_OPEN",
                Text(
                    "本单位已启用：请由系统管理员开立账号，由安全管理员授予角色。",
                    "The office is open: the system administrator opens accounts, the security "
                    "administrator grants roles.",
                ),
            )
        )
    names = {
        Role.SYSTEM_ADMINISTRATOR: system.strip(),
        Role.SECURITY_ADMINISTRATOR: security.strip(),
        Role.AUDIT_ADMINISTRATOR: audit.strip(),
    }
    if len(set(names.values())) < 3 or not all(names.values()):
        raise BoleError(
            Problem(
                "ADMINISTRATOR_SEPARATE",
                Text(
                    "系统、安全、审计三类管理员须由三个不同的人担任：请给出三个姓名。",
                    "System, security and audit administrators are three persons: "
                    "give three names.",
                ),
            )
        )
    opened = []
    for role, name in names.items():
        password = secrets.token_urlsafe(12)
        user = User(username=role.removesuffix("_administrator"), name=name)
        user.set_password(password)
        user.save()
        RoleGrant.objects.create(user=user, role=role)
        after = {"username": user.username, "role": str(role), "unit": None}
        append(actor=None, action="account.create", stream=STREAM, after=after)
        opened.append((user, password))
    return opened


@transaction.atomic
def create_user(*, actor: User, username: str, name: str, password: str, phone: str = "") -> User:
    """Open an account without any role (system administrator)."""
    require(actor, "accounts.manage_users")
    user = User(username=username, name=name, phone=phone)
    _set_password(user, password)
    user.save()
    append(actor=actor, action="account.create", stream=STREAM, after={"username": username})
    return user


@transaction.atomic
def grant_role(*, actor: User, user: User, role: str, unit=None) -> RoleGrant:
    """Give a role over a unit tree (security administrator); never to oneself.

    The three administrators are separate persons, and none of them works with cadres' data.
    """
    require(actor, "accounts.grant_roles")
    if actor == user:
        raise BoleError(
            Problem(
                "OWN_ROLE",
                Text(
                    "不能给自己授予角色：请由另一名安全管理员办理。",
                    "Nobody grants roles to themselves: another security administrator must do it.",
                ),
            )
        )
    held = {g.role for g in user.grants.all()}
    if held and (role in ADMINISTRATORS or held & ADMINISTRATORS) and held != {role}:
        raise BoleError(
            Problem(
                "ADMINISTRATOR_SEPARATE",
                Text(
                    "系统、安全、审计三类管理员须由不同的人担任，且不兼任业务角色。"
                    "请先收回该用户的其他角色。",
                    "System, security and audit administrators are separate persons without any "
                    "other role. Withdraw this user's other roles first.",
                ),
            )
        )
    grant, _created = RoleGrant.objects.get_or_create(
        user=user, role=role, unit=unit, defaults={"granted_by": actor}
    )
    append(
        actor=actor,
        action="account.grant",
        stream=STREAM,
        after={"username": user.username, "role": role, "unit": unit.name if unit else None},
    )
    return grant


@transaction.atomic
def withdraw_role(*, actor: User, grant: RoleGrant) -> None:
    """Take a role back (security administrator)."""
    require(actor, "accounts.grant_roles")
    append(
        actor=actor,
        action="account.withdraw",
        stream=STREAM,
        before={
            "username": grant.user.username,
            "role": grant.role,
            "unit": grant.unit.name if grant.unit else None,
        },
    )
    grant.delete()


@transaction.atomic
def set_active(*, actor: User, user: User, active: bool) -> None:
    """Close or reopen an account; accounts are never deleted, since the record names them."""
    require(actor, "accounts.manage_users")
    if actor == user:
        raise BoleError(
            Problem(
                "OWN_ACCOUNT", Text("不能停用自己的账号。", "You cannot close your own account.")
            )
        )
    append(
        actor=actor,
        action="account.active",
        stream=STREAM,
        before={"username": user.username, "active": user.is_active},
        after={"active": active},
    )
    user.is_active = active
    user.save(update_fields=["is_active"])


@transaction.atomic
def reset_password(*, actor: User, user: User, password: str) -> None:
    """Give somebody who forgot it a new first password (system administrator).

    One-time codes stay on: whoever lost the authenticator asks the security administrator.
    """
    require(actor, "accounts.manage_users")
    _set_password(user, password)
    user.save(update_fields=["password"])
    append(actor=actor, action="account.reset", stream=STREAM, after={"username": user.username})


@transaction.atomic
def unlock(*, actor: User, user: User) -> int:
    """End the lockout after wrong passwords (security administrator); how many were forgotten."""
    require(actor, "accounts.grant_roles")
    count = axes_reset(username=user.username)
    append(actor=actor, action="account.unlock", stream=STREAM, after={"username": user.username})
    return count


@transaction.atomic
def note_own_password(*, actor: User) -> None:
    """Write down that somebody changed the own password; Django's form has set it."""
    append(
        actor=actor, action="account.password", stream=STREAM, after={"username": actor.username}
    )


@transaction.atomic
def switch_codes_on(*, actor: User, device: TOTPDevice, code: str) -> None:
    """Ask for one-time codes from now on; the first code shows that the app has the key."""
    if not device.verify_token(code):
        raise BoleError(
            Problem(
                "CODE_WRONG",
                Text(
                    "验证码现在无效：请输入最新的一个。",
                    "That code is not valid now: enter the newest one.",
                ),
                "code",
            )
        )
    device.confirmed = True
    device.save()
    _note_codes(actor, actor, True)


@transaction.atomic
def switch_codes_off(*, actor: User, password: str) -> None:
    """Stop asking the person for one-time codes; needs the own password."""
    if not actor.check_password(password):
        raise BoleError(
            Problem(
                "PASSWORD_WRONG",
                Text("口令不对，未作更改。", "The password is wrong; nothing was changed."),
                "password",
            )
        )
    TOTPDevice.objects.filter(user=actor).delete()
    _note_codes(actor, actor, False)


@transaction.atomic
def drop_codes(*, actor: User, user: User) -> None:
    """Take a lost authenticator off an account (security administrator)."""
    require(actor, "accounts.grant_roles")
    TOTPDevice.objects.filter(user=user).delete()
    _note_codes(actor, user, False)


def _note_codes(actor: User, user: User, on: bool) -> None:
    append(
        actor=actor,
        action="account.codes",
        stream=STREAM,
        after={"username": user.username, "codes": on},
    )


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BoleError(
            Problem("PASSWORD_WEAK", Text(*(["；".join(error.messages)] * 2)), "password")
        ) from error
    user.set_password(password)
