"""`python -m bench.patient`: `manage.py`, with twenty seconds for a command to the database and not
four: the embedded one walks 100,000 documents in some three, on a busy machine in more."""

import os
import sys

from django.core.management import execute_from_command_line

from core.database import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")

if __name__ == "__main__":
    # Before Django loads what reads them.
    connection.OPERATION_SECONDS = 20.0
    connection.LIMITED["timeoutMS"] = 20_000
    execute_from_command_line(sys.argv)
