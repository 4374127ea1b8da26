from django.urls import path

from bole.units import views

app_name = "units"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("headcount/", views.headcount, name="headcount"),
    path("vacancies/", views.vacancies, name="vacancies"),
    path("new/", views.unit_new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.unit_edit, name="edit"),
    path("<int:pk>/close/", views.unit_close, name="close"),
    path("<int:pk>/below/", views.unit_new, name="add-below"),
    path("<int:pk>/posts/add/", views.post_edit, name="post-add"),
    path("<int:pk>/posts/<int:post>/", views.post_edit, name="post-edit"),
    path("<int:pk>/posts/<int:post>/abolish/", views.post_abolish, name="post-abolish"),
    path("<int:pk>/lines/add/", views.line_edit, name="line-add"),
    path("<int:pk>/lines/<int:line>/", views.line_edit, name="line-edit"),
    path("<int:pk>/lines/<int:line>/verify/", views.line_verify, name="line-verify"),
    path("<int:pk>/lines/<int:line>/end/", views.line_end, name="line-end"),
]
