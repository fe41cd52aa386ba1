"""The addresses of all public items, for search engines (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.template.loader import render_to_string

from content.documents import RESOURCES
from content.feeds import public

# The protocol's, of one file.
MOST: Final = 50_000


class Page(NamedTuple):
    link: str
    changed: datetime


class Site(NamedTuple):
    """What Django wants to know of a site."""

    domain: str


class _Pages(Sitemap):
    limit = MOST

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self._pages = pages

    def items(self) -> tuple[Page, ...]:
        return self._pages

    def location(self, item: Page) -> str:
        """Its path: Django puts the site before it."""
        return urlsplit(item.link).path

    def lastmod(self, item: Page) -> datetime:
        return item.changed


def sitemap(moment: datetime) -> bytes:
    """The sitemap as it is at a moment."""
    return _rendered(settings.SITE_URL, tuple(_public(moment)))


def _public(moment: datetime) -> Iterator[Page]:
    room = MOST
    for document in RESOURCES:
        raws = public.read(document, (), moment, limit=room) if room else []
        yield from (Page(public.link(document, raw), public.changed(raw)) for raw in raws)
        room -= len(raws)


# Writing takes most of the time: the same pages are not written twice.
@lru_cache(maxsize=1)
def _rendered(site_url: str, pages: tuple[Page, ...]) -> bytes:
    site = urlsplit(site_url)
    urls = _Pages(pages).get_urls(site=Site(site.netloc), protocol=site.scheme)
    return render_to_string("sitemap.xml", {"urlset": urls}).encode()
