"""Who signs in with a name and a password. What they may do, roles decide alone."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend, ModelBackend


class Passwords(ModelBackend):
    """Django's password check without its permission tables, which bole does not use.

    A permission that the rules refuse would otherwise cost two queries on every page.
    """

    has_perm = BaseBackend.has_perm
    get_all_permissions = BaseBackend.get_all_permissions
    get_user_permissions = BaseBackend.get_user_permissions
    get_group_permissions = BaseBackend.get_group_permissions
