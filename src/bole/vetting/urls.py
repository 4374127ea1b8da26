from django.urls import path

from bole.vetting.views import adverse, complaints, desk, dossiers, opinions, reports

app_name = "vetting"
urlpatterns = [
    path("", desk.desk, name="list"),
    path("check/", desk.check, name="check"),
    path("avoidance/", desk.avoidance, name="avoidance"),
    path("doubts/new/", desk.doubt_new, name="doubt-new"),
    path("doubts/<int:pk>/", desk.doubt, name="doubt"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/ask/", opinions.ask, name="ask"),
    path("opinions/<int:pk>/", opinions.answer, name="answer"),
    path("joint-review/", opinions.joint_review, name="joint-review"),
    path("letters/<int:pk>/", opinions.letter_file, name="letter"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/new/", complaints.complaint_new, name="complaint-new"),
    path("complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("dossiers/new/", dossiers.dossier_new, name="dossier-new"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/form/", dossiers.dossier_form, name="dossier-form"),
    path("adverse/", adverse.adverse, name="adverse"),
    path("adverse/new/", adverse.adverse_new, name="adverse-new"),
    path("adverse/<int:pk>/", adverse.adverse_item, name="adverse-item"),
    path("adverse/<int:pk>/told/", adverse.adverse_notify, name="adverse-notify"),
    path("adverse/<int:pk>/reply/", adverse.adverse_reply, name="adverse-reply"),
    path("adverse/<int:pk>/confirm/", adverse.adverse_confirm, name="adverse-confirm"),
    path("adverse/<int:pk>/lift/", adverse.adverse_lift, name="adverse-lift"),
    path("reports/", reports.reports, name="reports"),
    path("reports/bodies/new/", reports.body_new, name="body-new"),
    path("reports/bodies/<int:pk>/end/", reports.body_end, name="body-end"),
    path("reports/<int:body>/<int:year>/<int:month>/", reports.report, name="report"),
]
