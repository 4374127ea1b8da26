from django.urls import path, re_path

from bole.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.matter_list, name="list"),
    path("new/", views.choose, name="choose"),
    path("starters/", views.starters, name="starters"),
    path("new/<str:code>/", views.new, name="new"),
    path("<int:pk>/", views.matter, name="matter"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/do/<str:code>/", views.move, name="move"),
    path("<int:pk>/attach/<str:name>/", views.attach, name="attach"),
    path("<int:pk>/papers/<int:paper_pk>/", views.paper, name="paper"),
    re_path(r"^(?P<pk>\d+)/print\.(?P<form>pdf|docx)$", views.printed, name="print"),
]
