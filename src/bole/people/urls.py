from django.shortcuts import render
from django.urls import path

app_name = "people"
urlpatterns = [
    path("", lambda request: render(request, "web/soon.html"), name="list"),
    path("own/", lambda request: render(request, "web/soon.html"), name="own"),
]
