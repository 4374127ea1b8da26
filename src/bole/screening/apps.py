from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "bole.screening"
    label = "screening"

    def ready(self) -> None:
        from bole.record import streams
        from bole.screening import permissions  # noqa: F401  (registers the permissions)

        streams.register_actions(
            {
                "screening.export": _("Screening exported"),
                "screening.list": _("Cadres put on a list"),
                "screening.condition": _("Condition saved"),
            }
        )
