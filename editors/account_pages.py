"""Pages with a form: into the browsable API and out of it."""

from typing import Any

from bson import ObjectId
from django import forms
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import services
from accounts.api.authentication import SESSION_KEY, principal_of
from accounts.credentials import passwords, sessions
from core.api.encoding import NotUtf8
from core.api.exception_handler import respond
from core.api.throttling import throttle
from core.client_address import client_network, user_agent
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


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class FormPage(FormView):
    """A form as limited as the API's own routes; a refusal is shown above its fields."""

    # Not `put`, which Django would take for a post.
    http_method_names = ("get", "head", "options", "post")
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
            for name, messages in (error.errors or {None: [str(error.message)]}).items():
                form.add_error(name if name in form.fields else None, list(map(str, messages)))
            return self.show(form=form, status=error.status, headers=error.headers)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, status=422)

    def show(
        self, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any
    ) -> HttpResponse:
        context = self.get_context_data(next=safe_next(self.request), **context)
        return self.render_to_response(context, status=status, headers=headers)


def keep_session(request: HttpRequest, session_id: ObjectId) -> None:
    """Have the browser's cookie stand for a session, in place of any former one."""
    if earlier := principal_of(request):
        sessions.end(earlier.session_id)
    request.session.flush()
    request.session[SESSION_KEY] = str(session_id)
    rotate_token(request)


class LoginPage(FormPage):
    form_class = LoginForm
    title = button = _("Log in")
    offers_reset = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def work(self, data: dict[str, Any]) -> HttpResponse:
        session_id = services.open_browser_session(
            name=data["username"],
            password=data["password"],
            network=client_network(self.request),
            user_agent=user_agent(self.request),
        )
        keep_session(self.request, session_id)
        return redirect(safe_next(self.request))


class PasswordForm(forms.Form):
    current_password = PasswordInput(label=_("Current password"), autocomplete="current-password")
    new_password = PasswordInput(
        label=_("New password"), autocomplete="new-password", validators=[passwords.check_policy]
    )


class PasswordPage(FormPage):
    """Ends all sessions but this browser's, which gets a new one."""

    form_class = PasswordForm
    title = button = _("Change the password")
    hint = _("Wherever else you are logged in, you are logged out.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if principal_of(request) is None:
            return redirect(f"{reverse('login-page')}?next={request.path}")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def work(self, data: dict[str, Any]) -> HttpResponse:
        session_id = services.change_password_in_browser(
            principal_of(self.request).id,
            network=client_network(self.request),
            user_agent=user_agent(self.request),
            **data,
        )
        keep_session(self.request, session_id)
        return self.show(notice=_("Your password was changed."))


class LogoutPage(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        principal = principal_of(request)
        if principal:
            sessions.end(principal.session_id)
        request.session.flush()
        return redirect(safe_next(request))
