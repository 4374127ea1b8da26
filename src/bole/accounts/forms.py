"""Sign-in with an optional one-time code."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user, match_token

from bole.accounts.models import Role, User
from bole.units.models import Unit


class SignInForm(AuthenticationForm):
    """Name, password and, for those who set it up, the code of their authenticator."""

    code = forms.CharField(
        label=_("One-time code"),
        required=False,
        help_text=_("Only if you have set up an authenticator."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not any(devices_for_user(user)):
            return
        code = (self.cleaned_data.get("code") or "").strip()
        # A forgotten code is no wrong code: it must not slow down the next try.
        device = match_token(user, code) if code else None
        if device is None:
            raise forms.ValidationError(
                _("The one-time code is missing or no longer valid: enter the newest one."),
                code="code",
            )
        user.otp_device = device


class UserForm(forms.ModelForm):
    """A new account; the first password is given to the person in the office."""

    password = forms.CharField(label=_("First password"), widget=forms.PasswordInput, min_length=8)

    class Meta:
        model = User
        fields = ["username", "name", "phone"]


class PasswordForm(forms.Form):
    """A new first password for somebody who forgot the own one."""

    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(), min_length=8
    )


class GrantForm(forms.Form):
    """A role, over the whole organisation or over one unit and those below it."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.all(),
        required=False,
        empty_label=_("The whole organisation"),
    )
