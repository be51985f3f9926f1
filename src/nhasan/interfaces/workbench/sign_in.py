"""Signing in and out, and the password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nhasan.domain.problems import Invalid
from nhasan.interfaces.http import WORKBENCH, Request, said
from nhasan.organisations import operations, queries

_SECRET = forms.PasswordInput(attrs={"autocomplete": "current-password"})
_NEW_SECRET = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class SignInForm(forms.Form):
    """Who is it, and the password."""

    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"), max_length=64,
        widget=forms.TextInput(attrs={
            "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false",
            "autofocus": True,
        }),
        error_messages={"required": gettext_lazy("Hãy nhập tên đăng nhập.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu"), strip=False, max_length=256, widget=_SECRET,
        error_messages={"required": gettext_lazy("Hãy nhập mật khẩu.")},
    )


class PasswordForm(forms.Form):
    """The present password once, the new one twice."""

    present = forms.CharField(
        label=gettext_lazy("Mật khẩu đang dùng"), strip=False, max_length=256, widget=_SECRET,
        error_messages={"required": gettext_lazy("Hãy nhập mật khẩu đang dùng.")},
    )
    wanted = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"), strip=False, max_length=256, widget=_NEW_SECRET,
        help_text=gettext_lazy(
            "Từ 12 ký tự trở lên. Ghép bốn, năm từ dễ nhớ với bạn là đủ chắc."),
        error_messages={"required": gettext_lazy("Hãy nhập mật khẩu mới.")},
    )
    again = forms.CharField(
        label=gettext_lazy("Nhập lại mật khẩu mới"), strip=False, max_length=256,
        widget=_NEW_SECRET,
        error_messages={"required": gettext_lazy("Hãy nhập lại mật khẩu mới.")},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords."""
        given = super().clean() or {}
        if given.get("wanted") and given.get("again") and given["wanted"] != given["again"]:
            self.add_error("again", _("Hai lần nhập mật khẩu mới chưa giống nhau."))
        return given


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: Request) -> HttpResponse:
    """Ask for name and password; a signed-in person goes straight to their work."""
    after = _safe(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.user.is_authenticated:
        return HttpResponseRedirect(after)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            actor = queries.actor_for(user, request.today)
            operations.note_sign_in(actor=actor, user=user.pk, at=request.at)
            return HttpResponseRedirect(after)
        form.add_error("password", _(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy xem phím Caps Lock và bộ gõ tiếng Việt, "
            "rồi nhập lại."))
    status = 422 if form.errors else 200
    return render(
        request, "workbench/sign_in.html", {"form": form, "next": after}, status=status)


def _safe(request: HttpRequest, address: str) -> str:
    """Return an address of this house to go on to, never another host's."""
    fits = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure(),
    )
    return address if address.startswith("/") and fits else WORKBENCH


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    messages.success(request, _("Bạn đã đăng xuất. Mọi số đã nhập đều được giữ."))
    return redirect("workbench:sign_in")


@sensitive_post_parameters("present", "wanted", "again")
def change_password(request: Request) -> HttpResponse:
    """Let a person choose a new password; a first one must be changed before anything else."""
    user = request.user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # Wrong guesses here count like wrong guesses at the door.
        shown = {"username": user.get_username(), "password": form.cleaned_data["present"]}
        if authenticate(request, **shown) is None:
            form.add_error("present", _("Mật khẩu đang dùng chưa đúng. Hãy nhập lại."))
        else:
            try:
                account = operations.change_password(
                    actor=request.actor, password=form.cleaned_data["wanted"], at=request.at,
                )
            except Invalid as refused:
                form.add_error("wanted", said(refused))
            else:
                update_session_auth_hash(request, account)
                messages.success(request, _("Đã đổi mật khẩu."))
                return redirect("workbench:home")
    forced = getattr(user, "must_change_password", False)
    return render(
        request, "workbench/change_password.html", {"form": form, "forced": forced},
        status=422 if form.errors else 200,
    )


urlpatterns = [
    path("dang-nhap/", sign_in, name="sign_in"),
    path("dang-xuat/", sign_out, name="sign_out"),
    path("viec/mat-khau/", change_password, name="change_password"),
]
