"""`python -m bench.worker`: `manage.py worker`, but its leases on endpoints last ten seconds and no
minute, as what a killed worker held is waited for."""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")
django.setup()

from webhooks.delivery import dispatch  # noqa: E402 (Django must be set up first)

if __name__ == "__main__":
    dispatch.LEASE_SECONDS = 10
    call_command("worker")
