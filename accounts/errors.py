"""What can be refused about accounts."""

from django.utils.translation import gettext_lazy as _

from core.errors import ApplicationError, Forbidden, NotFound, Unauthenticated


class UserNotFound(NotFound):
    message = _("User not found")


class SessionNotFound(NotFound):
    message = _("Session not found")


class WrongCredentials(Unauthenticated):
    code = "invalid_credentials"
    message = _("Incorrect username or password")


class TokenAlreadyRotated(Unauthenticated):
    """Another tab was faster; the client should use the tokens that one got."""

    code = "token_rotated"


class InactiveUser(ApplicationError):
    code = "inactive_user"
    message = _("The user is not active")


class UnsupportedGrantType(ApplicationError):
    """RFC 6749, section 5.2."""

    code = "unsupported_grant_type"
    message = _("Only the grant types password and refresh_token are known here.")


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    message = _("Registration is closed")


class LastAdmin(ApplicationError):
    status = 409
    code = "last_admin"
    message = _("The last active admin cannot be removed, deactivated or demoted.")


class InvalidLink(ApplicationError):
    """A mailed link that was used, replaced, has expired or never was."""

    code = "invalid_token"
    message = _("The link is not valid any more. Ask for a new one.")


class InvalidResetToken(InvalidLink):
    code = "invalid_reset_token"


class InvalidConfirmationToken(InvalidLink):
    code = "invalid_confirmation_token"


class InvalidInvitation(InvalidLink):
    code = "invalid_invitation"
    message = _("The invitation is not valid any more. Ask for a new one.")
