"""The ASGI callable that the production server runs: the front, and Django behind it."""

from django.conf import settings

from core.database import changes
from core.front.application import Front
from core.front.reads import Reads
from lsa_site.language import language_of
from lsa_site.wsgi import application as django

follow = changes.follow if settings.CACHE_READS else None
# A rate of reading is counted in the database, so nothing is answered before it has been asked.
reads = None if settings.RATE_LIMITS["read"] else Reads(follow, language_of, settings.CACHE_BYTES)
application = Front(
    django,
    threads=settings.REQUEST_THREADS,
    waiting=settings.REQUESTS_WAITING,
    wait=settings.REQUEST_WAIT_SECONDS,
    patience=settings.CLIENT_PATIENCE_SECONDS,
    reads=reads,
)
