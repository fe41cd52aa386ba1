"""What is refused outside the answers of the API, as a page where a person is asking."""

from collections.abc import Callable

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.api.exception_handler import respond
from core.errors import FormExpired

# Where sending a form leads, but nothing can be read.
ONLY_POSTED = ("/logout",)
# What to do, by status.
ADVICE = {
    400: _("Check the address, or begin again at the front page."),
    403: _("Ask an editor or an admin if you need this."),
    404: _("The address may be mistyped, or what was here was removed. Look for it in the lists."),
    412: _("Load the page again, and make your change on what is there now."),
    413: _("Choose a smaller picture or shorten the text, then send it again."),
    429: _("Wait a few minutes, then try again."),
    500: _("The fault is ours and was noted. Try again; if it stays, tell an admin the number."),
    503: _("The database is away for the moment. What you wrote is kept; try again in a minute."),
}


def wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


class RefusalPagesMiddleware:
    """Shows browsers a page where programs get the envelope of an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_data = response.get("Content-Type", "").startswith("application/json")
        if response.status_code < 400 or not is_data or not wants_page(request):
            return response
        envelope = orjson.loads(response.content)
        return page(request, response, envelope) if "message" in envelope else response


def page(request: HttpRequest, refusal: HttpResponse, envelope: dict) -> HttpResponse:
    """The page of a refusal, with its status and headers."""
    status = refusal.status_code
    context = {
        "message": envelope["message"],
        "advice": ADVICE.get(status, ""),
        "number": envelope["meta"]["request_id"] if status >= 500 else "",
        "again": request.get_full_path() if request.method == "GET" and status >= 429 else "",
    }
    # Where something is broken, or refused before it is known who asks, nobody is looked up.
    if status >= 500 or not hasattr(request, "session"):
        context["reader"] = None
    shown = render(request, "editors/refusal.html", context, status=status)
    for name, value in refusal.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            shown.setdefault(name, value)
    return shown


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: a form of before the last login, in another tab for example."""
    if not wants_page(request):
        return respond(FormExpired())
    again = "/" if request.path_info.endswith(ONLY_POSTED) else request.get_full_path()
    context = {"message": FormExpired.message, "again": again}
    return render(request, "editors/form_expired.html", context, status=FormExpired.status)
