"""What Django itself refuses, as a page where a person is asking."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.api.exception_handler import respond
from core.errors import FormExpired

# Where sending a form leads, but nothing can be read.
ONLY_POSTED = ("/logout",)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: a form of before the last login, in another tab for example."""
    if "text/html" not in request.headers.get("Accept", ""):
        return respond(FormExpired())
    again = "/" if request.path_info.endswith(ONLY_POSTED) else request.get_full_path()
    context = {"message": FormExpired.message, "again": again}
    return render(request, "editors/form_expired.html", context, status=FormExpired.status)
