from django.urls import path

from bole.selection import entering
from bole.selection.views import cases, papers, people, settings

app_name = "selection"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("new/", cases.case_new, name="new"),
    path("enter/", entering.into_case, name="enter"),
    path("<int:pk>/entered/", entering.entered, name="entered"),
    path("batches/new/", cases.batch_new, name="batch-new"),
    path("templates/", papers.templates, name="templates"),
    path("<int:pk>/", cases.case_detail, name="case"),
    path("<int:pk>/act/", cases.act, name="act"),
    path("<int:pk>/facts/", settings.facts, name="facts"),
    path("<int:pk>/parameters/", settings.parameters, name="parameters"),
    path("<int:pk>/groups/<str:group>/", people.group, name="group"),
    path("<int:pk>/outcomes/", people.outcome_list, name="outcomes"),
    path("<int:pk>/papers/<str:code>/", papers.paper, name="paper"),
    path("<int:pk>/files/<int:paper>/", papers.paper_file, name="file"),
    path("<int:pk>/ballots/<str:ballot>/", settings.ballot, name="ballot"),
    path("<int:pk>/vetting/", settings.vetting, name="vetting"),
    path("<int:pk>/course/", settings.course, name="course"),
    path("<int:pk>/version/", settings.version, name="version"),
]
