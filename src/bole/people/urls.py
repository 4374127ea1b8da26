from django.urls import path

from bole.people.views import edit, export, imports, lists, own, profile

app_name = "people"
urlpatterns = [
    path("", lists.cadre_list, name="list"),
    path("new/", edit.new, name="new"),
    path("own/", own.own, name="own"),
    path("own/readings/", own.own_readings, name="own-readings"),
    path("own/correct/<str:table>/<int:row>/<str:field>/", own.correct, name="correct"),
    path("own/items/<int:pk>/reply/", own.reply, name="reply"),
    path("corrections/", own.correction_list, name="corrections"),
    path("corrections/<int:pk>/", own.correction, name="correction"),
    path("export/", export.export, name="export"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.new, name="import-new"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/step/", imports.step, name="import-step"),
    path("imports/<int:pk>/columns/<int:file>/", imports.columns, name="import-columns"),
    path("imports/<int:pk>/items/<int:item>/", imports.item, name="import-item"),
    path("imports/<int:pk>/problems/", imports.problems, name="import-problems"),
    path("imports/<int:pk>/write/", imports.write, name="import-write"),
    path("imports/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("imports/<int:pk>/undo/", imports.undo, name="import-undo"),
    path("<int:pk>/", profile.detail, name="detail"),
    path("<int:pk>/facts/", profile.facts, name="facts"),
    path("<int:pk>/show/<str:field>/", profile.show, name="show"),
    path("<int:pk>/readings/", profile.readings, name="readings"),
    path("<int:pk>/edit/", edit.edit, name="edit"),
    path("<int:pk>/account/", edit.account, name="account"),
    path("<int:pk>/picture/", edit.picture, name="picture"),
    path("<int:pk>/<str:table>/add/", edit.add, name="row-add"),
    path("<int:pk>/<str:table>/<int:row>/", edit.row_edit, name="row-edit"),
    path("<int:pk>/<str:table>/<int:row>/end/", edit.row_end, name="row-end"),
    path("<int:pk>/<str:table>/<int:row>/remove/", edit.row_remove, name="row-remove"),
]
