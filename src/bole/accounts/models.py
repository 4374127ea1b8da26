"""Who may sign in, in which roles, and over which part of the unit tree."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """The parts that people play. The three administrators are separate persons."""

    SECTION_OFFICER = "section_officer", _("Section officer")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    INSPECTOR = "inspector", _("Inspector")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    UNIT_LIAISON = "unit_liaison", _("Unit liaison officer")
    DISCIPLINE_LIAISON = "discipline_liaison", _("Discipline liaison")
    CADRE = "cadre", _("Cadre (own file)")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("Audit administrator")


ADMINISTRATORS = {
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
}


class User(AbstractUser):
    """A person who signs in. Superuser and staff flags are not used: roles decide."""

    first_name = None
    last_name = None
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    @property
    def roles(self) -> set[str]:
        """The role codes in force; read once for a request."""
        if not hasattr(self, "_roles"):
            self._roles = {grant.role for grant in self.held_grants()}
        return self._roles

    def held_grants(self) -> list[RoleGrant]:
        """The grants with their units; read once for a request."""
        if not hasattr(self, "_held"):
            self._held = list(self.grants.select_related("unit"))
        return self._held

    def plays(self, *roles: str) -> bool:
        """Whether the user holds one of the roles, anywhere."""
        return self.is_active and not self.roles.isdisjoint(roles)


class RoleGrant(models.Model):
    """A role over a unit and everything below it; no unit means the whole organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(
        "units.Unit", models.CASCADE, null=True, blank=True, related_name="role_grants"
    )
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="one_grant"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(unit=None), name="one_whole_grant"
            ),
        ]
