"""`python -m bench.lists`: what Django does for a list of articles in the environment's database:
how many functions it calls, of Python's and of C's, and the seconds until the answer, as JSON.
"""

import json
import os
import time
from cProfile import Profile
from pstats import Stats

import pymongo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")

from django.test import RequestFactory

from core.database.connection import NO_LIMIT
from lsa_site.wsgi import application


def ask() -> None:
    environ = RequestFactory().get("/api/v1/blogs", HTTP_HOST="127.0.0.1").environ
    response = application(environ, lambda *_: None)
    if response.status_code != 200:
        raise SystemExit(f"The list was refused: {response.content}")


if __name__ == "__main__":
    # The embedded database walks 100,000 articles in some seconds.
    with pymongo.timeout(NO_LIMIT):
        ask()  # the first one finds what is looked up once
        began = time.perf_counter()
        with Profile() as profile:
            ask()
        wait = time.perf_counter() - began
    print(json.dumps([Stats(profile).total_calls, wait]))
