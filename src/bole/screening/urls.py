from django.urls import path

from bole.screening.views import keep, reasons, results

app_name = "screening"
ONE = "<str:source>/<str:day>/<str:values>/"
urlpatterns = [
    path("", results.home, name="home"),
    path("progress/", results.progress, name="progress"),
    path("build/", keep.build, name="build"),
    path("build/<int:pk>/", keep.build, name="rebuild"),
    path("build/<int:pk>/drop/", keep.drop_condition, name="drop-condition"),
    path("lists/add/", keep.add_to_list, name="list-add"),
    path("lists/<int:pk>/", keep.list_detail, name="list"),
    path("lists/<int:pk>/drop/", keep.drop_list, name="list-drop"),
    path(f"by/{ONE}", results.result, name="result"),
    path(f"by/{ONE}soon/", results.soon, name="soon"),
    path(f"by/{ONE}why/<int:person>/", reasons.why, name="why"),
    path(f"by/{ONE}reasons/", reasons.export_reasons, name="reasons"),
    path(f"by/{ONE}compare/", results.comparing, name="comparing"),
    path(
        f"by/{ONE}with/<str:source2>/<str:day2>/<str:values2>/",
        results.comparison,
        name="compare",
    ),
]
