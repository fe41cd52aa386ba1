"""Settings of a site that waits a second for its clients instead of thirty."""

from lsa_site.tests.quick_site import *  # noqa: F403 (as settings modules extend each other)

CLIENT_PATIENCE_SECONDS = 1
