"""Puts what the service knows into the requests that schemathesis makes up.

Only where it made up something valid: what is invalid on purpose stays so. One in four stays as it
is, so that unknown ids are asked for too.
"""

from itertools import count
from typing import Any

import reasons
import schemathesis
import supplies
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation
from supplies import Stock

ITEMS = {name: Stock(lambda name=name: supplies.new_item(name)) for name in supplies.REQUIRED}
THINGS = ITEMS | {
    "users": Stock(supplies.new_account),
    "sessions": Stock(supplies.new_session),
    "webhooks": Stock(supplies.new_webhook),
    "deliveries": Stock(supplies.new_delivery),
}
TOKENS = Stock(supplies.new_tokens, uses=1)
# They may end the session or the account that asks, which is why others do.
HARMFUL = {"updateMe", "changePassword", "logout"}
# The same of those that they find.
FATAL = {"updateUser", "deleteUser", "endSession"}

turns = count()


@schemathesis.auth(refresh_interval=None)
class PersonAuth:
    def get(self, case: Case, context: AuthContext) -> str | None:
        if not supplies.PERSON:
            return None
        if name_of(context) in HARMFUL:
            return TOKENS.take()["access_token"]
        return supplies.token_of(supplies.PERSON)

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    if next(turns) % 4 == 0 and name_of(context) not in FATAL:
        return
    thing = thing_of(case)
    if thing and is_valid(case, ParameterLocation.PATH):
        know_path(case, thing)
    if is_valid(case, ParameterLocation.QUERY):
        know_query(case.query, thing)
    if is_valid(case, ParameterLocation.HEADER) and "etag" in thing:
        know_headers(case, thing)
    if is_valid(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        know_body(case.body)


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    return reasons.is_fault(failure, case, response)


def name_of(context: AuthContext | HookContext) -> str:
    return context.operation.definition.raw["operationId"]


def is_valid(case: Case, location: ParameterLocation) -> bool:
    return not case.meta.is_negative_at(location)


def thing_of(case: Case) -> dict[str, Any]:
    """The thing that a path speaks of."""
    kinds = [part for part in case.path.split("/") if part in THINGS]
    return THINGS[kinds[-1]].take() if kinds and case.path_parameters else {}


def know_path(case: Case, thing: dict[str, Any]) -> None:
    for name in case.path_parameters:
        known = 1 if name == "version" else thing.get(name)
        if known is not None:
            case.path_parameters[name] = known


def know_query(query: dict[str, Any], thing: dict[str, Any]) -> None:
    if "preview" in query:
        query["preview"] = thing["preview"]


def know_headers(case: Case, thing: dict[str, Any]) -> None:
    for name in case.headers.keys() & {"If-Match", "If-None-Match"}:
        case.headers[name] = thing["etag"]


def know_body(body: dict[str, Any]) -> None:
    known = {
        "refresh_token": lambda: TOKENS.take()["refresh_token"],
        "current_password": lambda: supplies.PASSWORD,
    }
    for name in known.keys() & body.keys():
        body[name] = known[name]()
