from django.urls import path

from bole.selection import entering, views

app_name = "selection"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("new/", views.case_new, name="new"),
    path("enter/", entering.into_case, name="enter"),
    path("<int:pk>/entered/", entering.entered, name="entered"),
    path("batches/new/", views.batch_new, name="batch-new"),
    path("<int:pk>/", views.case_detail, name="case"),
    path("<int:pk>/act/", views.act, name="act"),
    path("<int:pk>/facts/", views.facts, name="facts"),
    path("<int:pk>/parameters/", views.parameters, name="parameters"),
    path("<int:pk>/groups/<str:group>/", views.group, name="group"),
    path("<int:pk>/outcomes/", views.outcome_list, name="outcomes"),
    path("<int:pk>/papers/<str:code>/", views.paper, name="paper"),
    path("<int:pk>/files/<int:paper>/", views.paper_file, name="file"),
    path("<int:pk>/ballots/<str:ballot>/", views.ballot, name="ballot"),
    path("<int:pk>/vetting/", views.vetting, name="vetting"),
    path("<int:pk>/course/", views.course, name="course"),
]
