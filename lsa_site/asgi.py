"""The ASGI callable that the production server runs: the front, and Django behind it."""

from django.conf import settings

from core.front.application import Front
from lsa_site.wsgi import application as django

# Python runs one thread at a time, so more of them wait for the database or a hash, not for speed.
THREADS = 16
WAITING = 256

application = Front(
    django, threads=THREADS, waiting=WAITING, patience=settings.CLIENT_PATIENCE_SECONDS
)
