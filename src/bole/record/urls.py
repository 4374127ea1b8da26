from django.urls import path

from bole.record import views

app_name = "record"
urlpatterns = [
    path("", views.entry_list, name="list"),
    path("entries/<int:sequence>/", views.entry, name="entry"),
    path("entries/<int:sequence>/correct/", views.correct, name="correct"),
    path("of/<str:stream>/", views.stream, name="stream"),
    path("of/<str:stream>/verify/", views.stream_check, name="stream-verify"),
    path("of/<str:stream>/package/", views.stream_archive, name="archive"),
    path("papers/<int:pk>/", views.paper, name="paper"),
    path("audit/", views.audit, name="audit"),
    path("audit/verify/", views.verify, name="verify"),
    path("audit/verify/<int:pk>/", views.progress, name="progress"),
    path("anchors/<int:pk>/", views.anchor, name="anchor"),
    path("readings/", views.readings, name="readings"),
    path("calendar/", views.calendar, name="calendar"),
]
