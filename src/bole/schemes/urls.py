from django.urls import path

from bole.schemes import views

app_name = "schemes"
urlpatterns = [
    path("", views.scheme_list, name="list"),
    path("upload/", views.upload, name="upload"),
    path("schema.json", views.json_schema, name="schema"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/compare/", views.comparing, name="comparing"),
    path("<int:a>/compare/<int:b>/", views.compare, name="compare"),
]
