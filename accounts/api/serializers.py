"""Accounts as they come in and go out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api import examples
from accounts.credentials import passwords
from accounts.documents import Invitation, Session, User
from accounts.roles import LABELS, Role
from core.api.fields import (
    EmailAddressField,
    IdField,
    LineField,
    MomentField,
    OneOf,
    SecretField,
    StrictBooleanField,
)
from core.api.serializers import BaseDocumentSerializer, InputSerializer, StrictSerializer

ROLES_EXPLAINED = _(
    "Contributors write drafts. Authors also publish what is theirs. Editors change and publish "
    "everything. Admins also look after people."
)

username_rule = RegexValidator(
    r"\A[A-Za-z0-9._-]+\Z", _("Use letters, digits, dots, hyphens and underscores only.")
)


class NewPasswordField(SecretField):
    """A password that may be set."""

    def __init__(self, **kwargs: Any) -> None:
        # For the OpenAPI document; the policy refuses it first, in its own words.
        super().__init__(min_length=settings.PASSWORD_MIN_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        password = super().to_internal_value(data)
        try:
            passwords.check_policy(password)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return password


@examples.user
class UserSerializer(BaseDocumentSerializer):
    """An account as it is shown."""

    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "username",
            "full_name",
            "role",
            "is_active",
            "is_admin",
            "created_at",
            "last_login",
        )
        read_only_fields = fields

    @classmethod
    def projection(cls, names: Iterable[str] | None = None) -> dict[str, int]:
        """An earlier user without a full name shows the username; a role follows from two keys."""
        return super().projection(names) | {"username": 1, "role": 1, "is_admin": 1}


@examples.profile
class ProfileSerializer(BaseDocumentSerializer):
    """What people may change of their own account."""

    current_password = SecretField(
        label=_("Current password"), required=False, help_text=_("Needed to change the e-mail.")
    )

    class Meta:
        model = User
        fields = ("email", "username", "full_name", "current_password")
        extra_kwargs = {"username": {"validators": [username_rule]}}

    def as_shown(self) -> Mapping[str, Any]:
        """Accounts are shown with more than may be changed."""
        return {} if self.instance is None else UserSerializer.represent(self.instance)


@examples.registration
class RegisterSerializer(ProfileSerializer):
    """A new account."""

    password = NewPasswordField()
    current_password = None

    class Meta(ProfileSerializer.Meta):
        fields = ("email", "username", "password", "full_name")
        extra_kwargs = ProfileSerializer.Meta.extra_kwargs | {
            "full_name": {"required": False, "allow_null": True}
        }


@examples.administration
class AdministeredUserSerializer(ProfileSerializer):
    """What admins may change of an account; a rename mends an earlier clash of names."""

    current_password = None

    class Meta(ProfileSerializer.Meta):
        fields = ("is_active", "role", "is_admin", "email", "username")
        extra_kwargs = ProfileSerializer.Meta.extra_kwargs | {
            "role": {"help_text": ROLES_EXPLAINED},
            "is_active": {
                "help_text": _("Who is not active cannot log in; what they wrote stays.")
            },
            # People choose a role; that an admin is one is said by it.
            "is_admin": {
                "help_text": _("The same as the role `admin`; false makes an admin an author."),
                "style": {"input_type": "hidden"},
            },
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_admin = attrs.get("role") == Role.ADMIN
        if {"role", "is_admin"} <= attrs.keys() and attrs["is_admin"] is not is_admin:
            raise serializers.ValidationError({"is_admin": [_("This contradicts the role.")]})
        return attrs


@examples.invitation
class InvitationSerializer(BaseDocumentSerializer):
    """Somebody who is invited, and until when."""

    class Meta:
        model = Invitation
        fields = ("email", "role", "expires_at")
        read_only_fields = ("expires_at",)

    role = OneOf(
        [*LABELS.items()], default=Role.AUTHOR.value, label=_("Role"), help_text=ROLES_EXPLAINED
    )


@examples.invitation_confirm
class InvitationConfirmSerializer(RegisterSerializer):
    """What somebody who is invited adds to the address and the role."""

    token = SecretField()

    class Meta(RegisterSerializer.Meta):
        fields = ("token", "username", "full_name", "password")
        extra_kwargs = ProfileSerializer.Meta.extra_kwargs


@examples.login
class LoginSerializer(InputSerializer):
    """Credentials; fields that OAuth 2 clients send besides are ignored."""

    username = LineField(
        required=False, max_length=254, allow_blank=True, help_text=_("E-mail or username.")
    )
    email = LineField(
        required=False,
        max_length=254,
        allow_blank=True,
        help_text=_("Accepted instead of username."),
    )
    password = SecretField()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Names everything that is missing at once."""
        try:
            values, errors = super().to_internal_value(data), {}
        except serializers.ValidationError as error:
            values, errors = data, error.detail
        if isinstance(values, Mapping) and not (values.get("username") or values.get("email")):
            errors = {"username": [_("This field is required.")]} | errors
        if errors:
            raise serializers.ValidationError(errors)
        return {
            "name": values.get("username") or values["email"],
            "password": values["password"],
        }


@examples.refresh
class RefreshSerializer(InputSerializer):
    """What OAuth 2 clients send besides (`grant_type`, RFC 6749, section 6) is ignored."""

    refresh_token = SecretField()


@examples.logout
class LogoutSerializer(StrictSerializer):
    refresh_token = SecretField(required=False)
    all = StrictBooleanField(default=False)


@examples.password_change
class PasswordChangeSerializer(StrictSerializer):
    current_password = SecretField()
    new_password = NewPasswordField()


@examples.password_reset
class PasswordResetSerializer(StrictSerializer):
    email = EmailAddressField(max_length=254)


@examples.password_reset_confirm
class PasswordResetConfirmSerializer(StrictSerializer):
    token = SecretField()
    new_password = NewPasswordField()


@examples.token
class EmailConfirmSerializer(StrictSerializer):
    token = SecretField()


class EmptySerializer(StrictSerializer):
    """Nothing needs to be said."""


@examples.session
class SessionSerializer(serializers.Serializer):
    """Where one is logged in."""

    class Meta:
        model = Session

    id = IdField()
    app = LineField(
        label=_("App"), allow_null=True, help_text=_("The browser or app and its system.")
    )
    created_at = MomentField(label=_("Logged in"))
    last_used = MomentField(label=_("Last used"), help_text=_("To the hour."))
    is_current = serializers.BooleanField(label=_("This session"))


@examples.token_pair
class TokenSerializer(serializers.Serializer):
    """The answer of RFC 6749, section 5.1."""

    flat = True

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
    refresh_token = serializers.CharField()
