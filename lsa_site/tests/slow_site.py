"""Settings and URLs of a site with one request that runs until a file appears, and a quick one."""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.request_id import current_request_id
from lsa_site.tests.processes import until
from lsa_site.tests.settings import *  # noqa: F403 (as settings modules extend each other)

ROOT_URLCONF = "lsa_site.tests.slow_site"


def slow(request: HttpRequest) -> HttpResponse:
    folder = Path(os.environ["VAR_DIR"])
    (folder / "started").touch()
    (folder / f"started-{current_request_id()}").touch()
    until((folder / "finish").exists)
    return HttpResponse("finished")


def quick(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [path("slow", slow), path("quick", quick)]
