"""Settings of a site that is asked without limit."""

from lsa_site.tests.settings import *  # noqa: F403 (as settings modules extend each other)
from lsa_site.tests.settings import RATE_LIMITS as LIMITS

RATE_LIMITS = dict.fromkeys(LIMITS)
