"""Read by every Python that tests start, as it starts: what only the tests have installed is not
there, as where the site is deployed. Its libraries would load these if they could."""

import sys

sys.modules.update(dict.fromkeys(("jinja2", "pygments", "requests", "trio")))
