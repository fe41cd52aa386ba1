"""The product's settings, but for what a password costs: a test logs in within a millisecond."""

from lsa_site.settings import *  # noqa: F403 (as settings modules extend each other)

BCRYPT_ROUNDS = 4
