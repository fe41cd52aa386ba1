#!/usr/bin/env python
"""Django's command line for this project."""

import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")
    # What is loaded now stays to the end: to walk it again and again in search of garbage took a
    # tenth of a server's start and a quarter of a command. `lsa_site.apps` takes this back.
    gc.disable()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
