from django.urls import path

from bole.desk import views

app_name = "desk"
urlpatterns = [path("", views.home, name="home")]
