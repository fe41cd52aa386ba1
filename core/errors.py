"""What can be refused, in the words of the answer. Knows nothing of requests."""

from collections.abc import Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Messages = dict[str, list[str]]
# How much of a name that a client made up is told back.
LONGEST_NAME = 100


class ApplicationError(Exception):
    """An expected refusal.

    `code` is the stable word of the answer, `status` its HTTP status, `message` what a
    person reads, `errors` the fields or parameters it concerns.
    """

    status = 400
    code = "bad_request"
    message = _("The request cannot be understood.")
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        message: str | None = None,
        *,
        errors: Messages | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.message
        self.errors = {name[:LONGEST_NAME]: said for name, said in (errors or {}).items()}
        self.headers = {"Cache-Control": "no-store"} | self.headers | (headers or {})
        super().__init__(str(self.message))


class BodyTooLarge(ApplicationError):
    """`limit` is in bytes."""

    code = "body_too_large"
    message = _("The request body is too large.")

    def __init__(self, limit: int | None = None) -> None:
        super().__init__(larger_than(limit) if limit else None)


def _larger_than(limit: int) -> str:
    return gettext("The request body is larger than %(limit)s.") % {"limit": filesizeformat(limit)}


# The number, too, is written in the language of whoever reads it.
larger_than = lazy(_larger_than, str)


class BodyIncomplete(ApplicationError):
    """It ended, or stood still, before all of it had come."""

    code = "body_incomplete"
    message = _("The request body breaks off.")


class BodyInPieces(ApplicationError):
    """Each piece costs as much as a small request, however short it is."""

    code = "body_in_pieces"
    message = _("The request body comes in too many small pieces.")


class UnknownCoding(ApplicationError):
    """RFC 9112, section 6.1."""

    status = 501
    code = "unknown_coding"
    message = _("The transfer coding of the request body is not supported.")


class LengthRequired(ApplicationError):
    status = 411
    code = "length_required"
    message = _("Say the length of the body in Content-Length.")


class InvalidFile(ApplicationError):
    """An upload that is not what it has to be; `errors` names its field."""

    code = "invalid_file"


class InvalidId(ApplicationError):
    code = "invalid_id"


class AlreadyExists(ApplicationError):
    """A unique value is taken: duplicate e-mail or username."""

    code = "already_exists"


class Unauthenticated(ApplicationError):
    status = 401
    code = "not_authenticated"
    message = _("Invalid credentials")
    headers = {"WWW-Authenticate": "Bearer"}


class Forbidden(ApplicationError):
    status = 403
    code = "permission_denied"
    message = _("You do not have permission to do this.")


class FormExpired(Forbidden):
    """The token against forged forms is that of another login, or missing."""

    code = "form_expired"
    message = _("The form has expired. Load the page again.")


class NotFound(ApplicationError):
    status = 404
    code = "not_found"
    message = _("There is nothing at this address.")


class MethodNotAllowed(ApplicationError):
    status = 405
    code = "method_not_allowed"
    message = _("This method is not allowed here.")
    headers = {"Allow": "GET, HEAD"}


class PreconditionFailed(ApplicationError):
    """The item changed since the client read it (RFC 9110, 13.1.1)."""

    status = 412
    code = "precondition_failed"
    message = _("This was changed by somebody else in the meantime. Load it again first.")


class Invalid(ApplicationError):
    """Understood, but not acceptable; `errors` names each field or parameter."""

    status = 422
    code = "validation_error"
    message = _("The data is not valid.")


class HeaderTooLarge(ApplicationError):
    """RFC 6585, section 5."""

    status = 431
    code = "header_too_large"
    message = _("The cookies are too large.")


class TooManyRequests(ApplicationError):
    status = 429
    code = "too_many_requests"
    message = _("Too many requests. Try again later.")


class InternalError(ApplicationError):
    status = 500
    code = "internal_error"
    message = _("Something went wrong on our side.")


class Unavailable(ApplicationError):
    """Something this service stands on is away; `Retry-After` says when to come back."""

    status = 503
    code = "unavailable"
    message = _("The service is not available at the moment. Try again shortly.")
    headers = {"Retry-After": "5"}


class Busy(Unavailable):
    code = "busy"
    message = _("Too much is being done at the moment. Try again shortly.")


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"
