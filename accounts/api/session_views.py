"""The routes by which people see where they are logged in, and end it."""

from functools import cache, lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from ua_parser import Parser
from ua_parser.basic import Resolver
from ua_parser.loaders import load_lazy_builtins

from accounts.api import serializers
from accounts.api.views import AccountView
from accounts.credentials import sessions
from accounts.credentials.sessions import Principal
from core.api.envelope import answer
from core.api.pagination import describe_whole
from core.api.views import object_id
from core.database.documents import Raw

NOUN = gettext_lazy("session")
END = gettext_lazy("End this session")
END_QUESTION = gettext_lazy("End this session? Whoever uses it has to log in again.")


class SessionListView(AccountView):
    name = gettext_lazy("Sessions")
    removal_of_each, removal_question = END, END_QUESTION
    serializer_class = serializers.SessionSerializer

    @extend_schema(
        operation_id="listSessions",
        summary="Show where one is logged in",
        description="The newest logins first, a hundred at most.",
        responses=serializers.SessionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        shown = [represent(raw, request.user) for raw in sessions.list_of(request.user.id)]
        return answer(shown, _("Where you are logged in"), meta=describe_whole(len(shown)))


class SessionView(AccountView):
    """Access ends at once, also for the tokens of the session."""

    name = gettext_lazy("Session")
    removal, removal_question = END, END_QUESTION
    serializer_class = serializers.SessionSerializer

    @extend_schema(
        operation_id="getSession",
        summary="Show one of one's own sessions",
        responses=serializers.SessionSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        raw = sessions.get_own(object_id(id, NOUN), request.user.id)
        return answer(represent(raw, request.user), _("Where you are logged in"))

    @extend_schema(operation_id="endSession", summary="End a session", responses={200: None})
    def delete(self, request: Request, id: str) -> Response:
        sessions.end_own(object_id(id, NOUN), request.user.id)
        return answer(None, _("The session was ended"))


def represent(raw: Raw, principal: Principal) -> dict[str, Any]:
    return serializers.SessionSerializer(
        {
            "id": raw["_id"],
            "app": app_name(raw.get("user_agent") or ""),
            "created_at": raw["created_at"],
            # One of before this was kept.
            "last_used": raw.get("last_used") or raw["created_at"],
            "is_current": raw["_id"] == principal.session_id,
        }
    ).data


@lru_cache(maxsize=256)
def app_name(user_agent: str) -> str | None:
    """The browser or app that calls itself so, and its system: `Firefox, Linux`.

    What nobody knows keeps the name it gives itself, without what follows (RFC 9110, 10.1.5).
    """
    app, system = _parser().parse_user_agent(user_agent), _parser().parse_os(user_agent)
    known = [found.family for found in (app, system) if found]
    if not app:
        known[:0] = user_agent.partition("/")[0].split()[:1]
    return ", ".join(known) or None


@cache
def _parser() -> Parser:
    """Made when it is first asked for; the library's own would compile all its expressions."""
    return Parser(Resolver(load_lazy_builtins()))
