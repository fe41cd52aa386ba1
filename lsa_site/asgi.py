"""The ASGI callable that the production server runs: the front, and Django behind it."""

from django.conf import settings

from core.front.application import Front
from lsa_site.wsgi import application as django

application = Front(
    django,
    threads=settings.REQUEST_THREADS,
    waiting=settings.REQUESTS_WAITING,
    wait=settings.REQUEST_WAIT_SECONDS,
    patience=settings.CLIENT_PATIENCE_SECONDS,
)
