"""The form by which people log into the browsable API, and out of it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services, sessions
from accounts.authentication import SESSION_KEY, principal_of
from lsa_site.api.errors import ApplicationError
from lsa_site.api.throttling import client_address, limit


def reader(request: HttpRequest) -> dict[str, Any]:
    """For templates: who is logged in with the browser's cookie, or nobody."""
    return {"reader": SimpleLazyObject(lambda: principal_of(request))}


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("E-mail or username"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: a path of this site, else its front page."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours and target.startswith("/") else "/"


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class LoginPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, LoginForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LoginForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            self._log_in(request, **form.cleaned_data)
        except ApplicationError as error:
            form.add_error(None, str(error.message))
            return self._page(request, form, status=error.status, headers=error.headers)
        return redirect(safe_next(request))

    def _log_in(self, request: HttpRequest, *, username: str, password: str) -> None:
        limit(request, "write")
        limit(request, "auth")
        session_id = services.open_browser_session(
            name=username, password=password, address=client_address(request)
        )
        request.session.flush()
        request.session[SESSION_KEY] = str(session_id)

    def _page(self, request: HttpRequest, form: LoginForm, **kwargs: Any) -> HttpResponse:
        context = {"form": form, "next": safe_next(request)}
        response = render(request, "accounts/login.html", context, status=kwargs.get("status"))
        for name, value in kwargs.get("headers", {}).items():
            response[name] = value
        response["Cache-Control"] = "no-store"
        return response


class LogoutPage(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        principal = principal_of(request)
        if principal:
            sessions.end(principal.session_id)
        request.session.flush()
        return redirect(safe_next(request))
