"""What looks like a fault to schemathesis and is none, each with its reason."""

import json
import re
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from schemathesis import Case, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

# Of these fields OpenAPI cannot say all that is asked.
FIELDS = {
    "cursor": "only the service makes them",
    "skip": "not beside a cursor",
    "token": "only the service makes them",
    "refresh_token": "only the service makes them",
    "current_password": "only its owner knows it",
    "password": "common ones are refused",
    "new_password": "common ones are refused",
    "is_admin": "may not contradict the role",
    "email": "more than its format: ASCII before the @, a domain that can be",
    "username": "more than its pattern is",
    "full_name": "control characters and what nobody sees",
    "title": "control characters and what nobody sees",
    "subtitle": "control characters and what nobody sees",
    "name": "control characters and what nobody sees",
    "description": "control characters and what nobody sees",
    "content": "control characters and what nobody sees",
    "text": "control characters and what nobody sees",
    "image_alt": "control characters and what nobody sees",
    "logo_alt": "control characters and what nobody sees",
    "tags": "control characters, and how many differ",
    "tag": "control characters and commas",
    "search": "control characters",
    "slug": "no hyphen at an end or beside another",
    "image": "the bytes must be a picture",
    "logo": "the bytes must be a picture",
    "website_url": "http or https, of a host that can be",
    "url": "http or https, of a host that is let in",
    "status": "scheduled goes with a time to come",
    "published_at": "scheduled goes with a time to come",
    "start_date": "years that the database knows",
    "end_date": "not before the start, which it needs",
}
# Well-formed, and contradicted by what there is.
CODES = {
    "already_exists",
    "idempotency_key_reused",
    "precondition_failed",
    "invalid_file",
    "invalid_token",
    "invalid_reset_token",
    "invalid_confirmation_token",
    "invalid_invitation",
    "inactive_user",
}


def is_fault(failure: Failure, case: Case, response: Response) -> bool:
    match failure:
        case JsonSchemaError():
            # The parameter leaves properties out, and no schema depends on a parameter.
            return not ("fields" in case.query and "is a required property" in failure.message)
        case AcceptedNegativeData():
            # It was refused before its body was looked at.
            is_stale = response.status_code == HTTPStatus.PRECONDITION_FAILED
            return not (is_stale or has_blank_parameter(response) or is_list_in_form(case))
        case RejectedPositiveData():
            return not (is_no_tag(case) or is_beyond_schemas(response))
    return True


def has_blank_parameter(response: Response) -> bool:
    """A blank parameter counts as absent, as forms send the boxes that were left empty."""
    sent = parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True)
    return any(not value.strip(" ") for _name, value in sent)


def is_list_in_form(case: Case) -> bool:
    """A form knows text only, in which commas separate what is in a list."""
    return case.media_type == "multipart/form-data" and "tags" in case.body


def is_no_tag(case: Case) -> bool:
    """Of headers schemathesis takes for valid what their pattern in the document refuses."""
    return not re.match(r'\*|(W/)?"', case.headers.get("If-Match", "*"))


def is_beyond_schemas(response: Response) -> bool:
    meta = json.loads(response.content)["meta"]
    return meta["code"] in CODES or (
        bool(meta["errors"]) and meta["errors"].keys() <= FIELDS.keys()
    )
