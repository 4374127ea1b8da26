from django.shortcuts import render
from django.urls import path

app_name = "ballots"
urlpatterns = [
    path("", lambda request: render(request, "web/soon.html"), name="list"),
]
