"""The browsable API: the working tool of editors."""

from rest_framework.renderers import BrowsableAPIRenderer


class BrowsableRenderer(BrowsableAPIRenderer):
    """Pages without external assets."""
