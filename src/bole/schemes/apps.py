from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchemesConfig(AppConfig):
    name = "bole.schemes"
    label = "schemes"

    def ready(self) -> None:
        from bole.record import streams
        from bole.schemes import permissions  # noqa: F401  (registers the permissions)

        streams.register_actions({"scheme.install": _("Scheme installed")})
