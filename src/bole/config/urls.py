"""Where each room of the house is found."""

from django.urls import include, path

urlpatterns = [
    path("", include("bole.desk.urls")),
    path("accounts/", include("bole.accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("people/", include("bole.people.urls")),
    path("units/", include("bole.units.urls")),
    path("schemes/", include("bole.schemes.urls")),
    path("screening/", include("bole.screening.urls")),
    path("matters/", include("bole.matters.urls")),
    path("cases/", include("bole.selection.urls")),
    path("ballots/", include("bole.ballots.urls")),
    path("vetting/", include("bole.vetting.urls")),
    path("record/", include("bole.record.urls")),
    path("api/", include("bole.api.urls")),
]
handler403 = "bole.web.views.forbidden"
handler404 = "bole.web.views.not_found"
handler500 = "bole.web.views.failed"
