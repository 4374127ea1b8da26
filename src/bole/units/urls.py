from django.shortcuts import render
from django.urls import path

app_name = "units"
urlpatterns = [
    path("", lambda request: render(request, "web/soon.html"), name="list"),
    path("<int:pk>/", lambda request, pk: render(request, "web/soon.html"), name="detail"),
    path("headcount/", lambda request: render(request, "web/soon.html"), name="headcount"),
]
