"""The pages that mailed links lead to: a new password, a new account, a confirmed address."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.api.authentication import principal_of
from accounts.api.serializers import InvitationConfirmSerializer
from accounts.credentials import confirmations, invitations, passwords, resets, sessions
from core.background import run_later
from core.client_address import user_agent
from editors.account_pages import FormPage, PasswordInput, keep_session


class TokenForm(forms.Form):
    # An empty one is no valid link, which is said above the form: nobody sees a hidden field.
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class ForgottenPasswordForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NewPasswordForm(TokenForm):
    new_password = PasswordInput(
        label=_("New password"), autocomplete="new-password", validators=[passwords.check_policy]
    )


class InvitationForm(TokenForm):
    username = forms.CharField(
        label=_("Username"), widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    full_name = forms.CharField(
        label=_("Full name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = PasswordInput(label=_("Password"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        """Held to the rules of the API's own route."""
        cleaned = super().clean()
        fields = {name: value for name, value in cleaned.items() if name != "token"}
        serializer = InvitationConfirmSerializer(data=fields, partial=True)
        if serializer.is_valid():
            return cleaned | serializer.validated_data
        for name, messages in serializer.errors.items():
            self.add_error(name, [str(message) for message in messages])
        return cleaned


class LinkPage(FormPage):
    """Behind a link with `?token=…`, or, without one, where a link is asked for."""

    def has_token(self) -> bool:
        return "token" in self.request.GET or "token" in self.request.POST

    def get_initial(self) -> dict[str, Any]:
        return {"token": self.request.GET.get("token", "")}

    def get(self, request: HttpRequest) -> HttpResponse:
        # The address holds a secret: no other site may learn it. Not "no-referrer": browsers then
        # post the form as from nowhere (`Origin: null`), which is taken for a forged one.
        return self.show(headers={"Referrer-Policy": "same-origin"})


class PasswordResetPage(LinkPage):
    """Asks for the address or, behind the link of the e-mail, for the password."""

    title = _("Reset password")

    def get_form_class(self) -> type[forms.Form]:
        return NewPasswordForm if self.has_token() else ForgottenPasswordForm

    def work(self, data: dict[str, Any]) -> HttpResponse:
        if "token" in data:
            resets.confirm(**data)
            return self.show(notice=_("Your password was changed. Log in with the new one."))
        run_later(resets.send, email=data["email"], language=get_language())
        return self.show(notice=_("If the address is known, an e-mail is on its way."))


class InvitationPage(LinkPage):
    """Asks who is invited for a name and a password, and logs them in."""

    title = _("Accept invitation")
    button = _("Make my account")
    form_class = InvitationForm

    def work(self, data: dict[str, Any]) -> HttpResponse:
        user = invitations.accept(**data)
        session_id = sessions.open_session(user, user_agent=user_agent(self.request))
        keep_session(self.request, session_id)
        return redirect("/")


class EmailConfirmPage(LinkPage):
    """Confirms on a click: programs that look at mailed links must not use them up. Without a
    link it sends another, to who is logged in."""

    title = _("Confirm e-mail")

    def get_form_class(self) -> type[forms.Form]:
        return TokenForm if self.has_token() else forms.Form

    @property
    def button(self) -> Any:
        return _("Confirm") if self.has_token() else _("Send the link again")

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.has_token() and principal_of(request) is None:
            return redirect(f"{reverse('login-page')}?next={request.path}")
        return super().get(request)

    def work(self, data: dict[str, Any]) -> HttpResponse:
        if "token" in data:
            confirmations.confirm(data["token"])
            return self.show(notice=_("Your address is confirmed."))
        if principal := principal_of(self.request):
            run_later(confirmations.send, principal.id, language=get_language())
        said = _("If your address is still to be confirmed, an e-mail is on its way.")
        return self.show(notice=said)
