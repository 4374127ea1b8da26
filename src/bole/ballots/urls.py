from django.urls import path

from bole.ballots.views import forms, officer, papers, public, sheets

app_name = "ballots"
urlpatterns = [
    path("", officer.meeting_list, name="list"),
    path("v/", public.vote, name="vote"),
    path("v/screen/<str:uid>/", public.screen, name="screen"),
    path("v/box/<str:uid>/", public.published, name="published"),
    path("plan/", officer.plan, name="plan"),
    path("forms/", forms.form_list, name="forms"),
    path("forms/pick/", forms.pick, name="form-pick"),
    path("forms/show/", forms.show, name="form"),
    path("forms/edit/", forms.edit, name="form-edit"),
    path("forms/preview/", forms.preview, name="form-preview"),
    path("forms/package/", forms.package, name="form-package"),
    path("forms/retire/", forms.retire, name="form-retire"),
    path("<int:pk>/", officer.detail, name="detail"),
    path("<int:pk>/cancel/", officer.cancel, name="cancel"),
    path("<int:pk>/attendance/", officer.attendance, name="attendance"),
    path("<int:pk>/freeze/", officer.freeze, name="freeze"),
    path("<int:pk>/open/", officer.open_vote, name="open"),
    path("<int:pk>/close/", officer.close, name="close"),
    path("<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("<int:pk>/conduct/", officer.conduct, name="conduct"),
    path("<int:pk>/sign/", officer.sign, name="sign"),
    path("<int:pk>/read/", officer.read, name="read"),
    path("<int:pk>/codes/", papers.codes, name="codes"),
    path("<int:pk>/reissue/", papers.reissue, name="reissue"),
    path("<int:pk>/paper/", officer.change_for_paper, name="paper"),
    path("<int:pk>/preview/", papers.preview, name="preview"),
    path("<int:pk>/print/<str:what>/", papers.printed, name="print"),
    path("<int:pk>/package/", papers.package, name="package"),
]
