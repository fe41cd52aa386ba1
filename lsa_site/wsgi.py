"""The WSGI callable that Granian and `runserver` serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")

application = get_wsgi_application()
