"""Sign-in, one's own account, and the accounts page of the administrators."""

from __future__ import annotations

import base64

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from bole.accounts import actions
from bole.accounts.forms import GrantForm, PasswordForm, SignInForm, UserForm
from bole.accounts.models import Role, RoleGrant, User
from bole.web.tables import Column, Filter, Table, contains, equals


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Name, password and optional one-time code."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        device = getattr(form.get_user(), "otp_device", None)
        if device is not None:
            otp_login(self.request, device)
        return response


class OwnPassword(PasswordChangeView):
    template_name = "web/form_page.html"
    success_url = reverse_lazy("accounts:own")
    extra_context = {
        "title": gettext_lazy("Change password"),
        "back": reverse_lazy("accounts:own"),
        "submit": gettext_lazy("Change password"),
    }

    def form_valid(self, form):
        response = super().form_valid(form)
        actions.note_own_password(actor=self.request.user)
        messages.success(self.request, _("The password is changed."))
        return response


def own(request):
    """One's own account: roles, password, authenticator."""
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    grants = request.user.grants.select_related("unit")
    return render(request, "accounts/own.html", {"grants": grants, "device": device})


def authenticator(request):
    """Set up or remove the one-time codes of an authenticator app."""
    if request.method == "POST" and "remove" in request.POST:
        actions.switch_codes_off(actor=request.user, password=request.POST.get("password", ""))
        messages.success(request, _("One-time codes are switched off."))
        return redirect("accounts:own")
    if TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
        return redirect("accounts:own")
    device, _created = TOTPDevice.objects.get_or_create(
        user=request.user, confirmed=False, defaults={"name": "authenticator"}
    )
    if request.method == "POST":
        code = request.POST.get("code", "").strip()
        actions.switch_codes_on(actor=request.user, device=device, code=code)
        messages.success(request, _("One-time codes are switched on."))
        return redirect("accounts:own")
    picture = segno.make(device.config_url).svg_data_uri(scale=5)
    key = base64.b32encode(device.bin_key).decode()
    return render(request, "accounts/authenticator.html", {"picture": picture, "key": key})


def account_list(request):
    """All accounts with their roles (system and security administrators)."""
    if not request.user.has_perm("accounts.read_users"):
        raise PermissionDenied
    labels = dict(Role.choices)
    table = Table(
        request,
        User.objects.prefetch_related("grants__unit"),
        [
            Column("username", _("Account"), lambda u: u.username, "username", account_url),
            Column("name", _("Name"), lambda u: u.name, "name"),
            Column(
                "roles",
                _("Roles"),
                lambda u: "、".join(
                    f"{labels[g.role]}" + (f"（{g.unit.name}）" if g.unit else "")
                    for g in u.grants.all()
                ),
            ),
            Column("active", _("State"), lambda u: _("active") if u.is_active else _("closed")),
        ],
        _("Accounts"),
        filters=[Filter("role", _("Role"), Role.choices, equals("grants__role"))],
        search=contains("username", "name"),
        search_hint=_("Account or name"),
    )
    return table.export() or render(request, "accounts/list.html", {"table": table})


def account_url(user: User) -> str:
    """The page of an account."""
    return reverse("accounts:detail", args=[user.pk])


def account_new(request):
    """Open an account (system administrator)."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_user(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The account is open; it has no role yet."))
        return redirect(account_url(user))
    context = {
        "title": _("New account"),
        "form": form,
        "back": reverse("accounts:list"),
        "submit": _("Open the account"),
    }
    return render(request, "web/form_page.html", context)


def account_detail(request, pk: int):
    """One account: roles to grant and withdraw, close and reopen."""
    if not request.user.has_perm("accounts.read_users"):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST if "role" in request.POST else None)
    if request.method == "POST":
        if "active" in request.POST:
            actions.set_active(
                actor=request.user, user=user, active=request.POST["active"] == "yes"
            )
            return redirect(account_url(user))
        if "unlock" in request.POST:
            actions.unlock(actor=request.user, user=user)
            messages.success(request, _("The account is unlocked."))
            return redirect(account_url(user))
        if "drop_codes" in request.POST:
            actions.drop_codes(actor=request.user, user=user)
            messages.success(request, _("One-time codes are switched off."))
            return redirect(account_url(user))
        if form.is_valid():
            actions.grant_role(actor=request.user, user=user, **form.cleaned_data)
            messages.success(request, _("The role is granted."))
            return redirect(account_url(user))
    grants = user.grants.select_related("unit", "granted_by")
    has_codes = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    context = {"account": user, "form": form, "grants": grants, "has_codes": has_codes}
    return render(request, "accounts/detail.html", context)


def password_reset(request, pk: int):
    """Set a new first password for somebody who forgot it (system administrator)."""
    if not request.user.has_perm("accounts.manage_users"):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.reset_password(
            actor=request.user, user=user, password=form.cleaned_data["password"]
        )
        messages.success(request, _("The new password holds from now on."))
        return redirect(account_url(user))
    context = {
        "title": _("New password for %(name)s") % {"name": user.name},
        "explain": _("Give it to the person in the office, who then changes it."),
        "form": form,
        "back": account_url(user),
        "submit": _("Set the password"),
    }
    return render(request, "web/form_page.html", context)


@require_POST
def grant_withdraw(request, pk: int):
    """Take a role back."""
    grant = get_object_or_404(RoleGrant, pk=pk)
    user = grant.user
    actions.withdraw_role(actor=request.user, grant=grant)
    messages.success(request, _("The role is withdrawn."))
    return redirect(account_url(user))
