"""Who acts when a command works on cadres' files."""

from __future__ import annotations

from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


def acting_user(username: str) -> Any:
    """The account that a command acts as: the one named, or the only active section officer.

    The record names this account, so a guess among several is refused.
    """
    from bole.accounts.models import Role, User

    if username:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            text = Text("没有可用的账号{name}", "there is no active account {name}")
            raise BoleError(Problem("USER_UNKNOWN", text.fill(name=username), "--user"))
        return user
    officers = list(
        User.objects.filter(is_active=True, grants__role=Role.SECTION_OFFICER).distinct()[:5]
    )
    if len(officers) == 1:
        return officers[0]
    text = Text(
        "请用 --user 指明以哪个账号办理（可用：{names}）",
        "say with --user which account acts (there are: {names})",
    )
    names = "、".join(u.username for u in officers) or "—"
    raise BoleError(Problem("USER_UNCLEAR", text.fill(names=names), "--user"))
