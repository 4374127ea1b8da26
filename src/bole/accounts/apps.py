from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bole.accounts"
    label = "accounts"

    def ready(self) -> None:
        from bole.accounts import rules  # noqa: F401  (registers the permissions)
