from django.shortcuts import render
from django.urls import path


def soon(request):
    return render(request, "web/soon.html")


app_name = "record"
urlpatterns = [
    path("", soon, name="list"),
    path("audit/", soon, name="audit"),
    path("calendar/", soon, name="calendar"),
]
