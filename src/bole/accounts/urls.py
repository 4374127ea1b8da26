from django.contrib.auth.views import LogoutView
from django.urls import path

from bole.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account_list, name="list"),
    path("new/", views.account_new, name="new"),
    path("<int:pk>/", views.account_detail, name="detail"),
    path("<int:pk>/password/", views.password_reset, name="reset"),
    path("grants/<int:pk>/withdraw/", views.grant_withdraw, name="withdraw"),
    path("own/", views.own, name="own"),
    path("own/password/", views.OwnPassword.as_view(), name="password"),
    path("own/authenticator/", views.authenticator, name="authenticator"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
]
