"""Settings of a site that answers one request at a time, and lets no other wait."""

from lsa_site.tests.slow_site import *  # noqa: F403 (as settings modules extend each other)

REQUEST_THREADS = 1
REQUESTS_WAITING = 0
