from django.shortcuts import render
from django.urls import path

app_name = "screening"
urlpatterns = [
    path("", lambda request: render(request, "web/soon.html"), name="home"),
]
