"""Pages with a form: into the browsable API and out of it, and a new password by e-mail."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import services
from accounts.api.authentication import SESSION_KEY, principal_of
from accounts.credentials import passwords, resets, sessions
from core.api.encoding import NotUtf8
from core.api.exception_handler import respond
from core.api.throttling import throttle
from core.background import run_later
from core.client_address import client_network
from core.errors import ApplicationError


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: a path of this site, else its front page."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours and target.startswith("/") else "/"


class PasswordInput(forms.CharField):
    """A password as it was typed; `autocomplete` tells password managers which."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **kwargs)


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("E-mail or username"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = PasswordInput(label=_("Password"), autocomplete="current-password")


class ForgottenPasswordForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NewPasswordForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput)
    new_password = PasswordInput(
        label=_("New password"), autocomplete="new-password", validators=[passwords.check_policy]
    )


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class FormPage(FormView):
    """A form as limited as the API's own routes; a refusal is shown above its fields."""

    template_name = "editors/form.html"
    title: Any
    button = _("Continue")

    def work(self, data: dict[str, Any]) -> HttpResponse:
        """Do it with the cleaned data. May raise `ApplicationError`."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In forms of several parts Django replaces what is not UTF-8; none here has a file."""
        try:
            request.body.decode()
        except UnicodeDecodeError:
            return respond(NotUtf8())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            throttle(self.request, "write")
            throttle(self.request, "auth")
            return self.work(form.cleaned_data)
        except ApplicationError as error:
            form.add_error(None, str(error.message))
            return self.show(form=form, status=error.status, headers=error.headers)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, status=422)

    def show(
        self, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any
    ) -> HttpResponse:
        context = self.get_context_data(next=safe_next(self.request), **context)
        return self.render_to_response(context, status=status, headers=headers)


class LoginPage(FormPage):
    form_class = LoginForm
    title = button = _("Log in")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def work(self, data: dict[str, Any]) -> HttpResponse:
        session_id = services.open_browser_session(
            name=data["username"],
            password=data["password"],
            network=client_network(self.request),
        )
        if earlier := principal_of(self.request):
            sessions.end(earlier.session_id)
        self.request.session.flush()
        self.request.session[SESSION_KEY] = str(session_id)
        rotate_token(self.request)
        return redirect(safe_next(self.request))


class LogoutPage(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        principal = principal_of(request)
        if principal:
            sessions.end(principal.session_id)
        request.session.flush()
        return redirect(safe_next(request))


class PasswordResetPage(FormPage):
    """Asks for the address or, behind the link of the e-mail (`?token=…`), for the password."""

    title = _("Reset password")

    def get_form_class(self) -> type[forms.Form]:
        has_token = "token" in self.request.GET or "token" in self.request.POST
        return NewPasswordForm if has_token else ForgottenPasswordForm

    def get_initial(self) -> dict[str, Any]:
        return {"token": self.request.GET.get("token", "")}

    def get(self, request: HttpRequest) -> HttpResponse:
        # The address holds a secret: no other site may learn it. Not "no-referrer": browsers then
        # post the form as from nowhere (`Origin: null`), which is taken for a forged one.
        return self.show(headers={"Referrer-Policy": "same-origin"})

    def work(self, data: dict[str, Any]) -> HttpResponse:
        if "token" in data:
            resets.confirm(**data)
            return self.show(notice=_("Your password was changed. Log in with the new one."))
        run_later(resets.send, email=data["email"], language=get_language())
        return self.show(notice=_("If the address is known, an e-mail is on its way."))
