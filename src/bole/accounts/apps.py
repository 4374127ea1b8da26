from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "bole.accounts"
    label = "accounts"

    def ready(self) -> None:
        from bole.accounts import rules  # noqa: F401  (registers the permissions)
        from bole.accounts.models import Role
        from bole.record import streams

        streams.register_actions(
            {
                "account.create": _("Account opened"),
                "account.grant": _("Role granted"),
                "account.withdraw": _("Role withdrawn"),
                "account.active": _("Account closed or reopened"),
                "account.password": _("Own password changed"),
                "account.reset": _("Password set anew"),
                "account.unlock": _("Account unlocked"),
                "account.codes": _("One-time codes switched on or off"),
            }
        )
        streams.register_fields(
            {
                "username": _("Account"),
                "role": _("Role"),
                "unit": _("Unit"),
                "active": _("In use"),
                "codes": _("One-time codes"),
            }
        )
        streams.register_values({"role": dict(Role.choices)}, room="account")
