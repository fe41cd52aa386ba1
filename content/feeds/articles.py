"""The newest articles as an Atom feed (RFC 4287)."""

from datetime import UTC, datetime
from html import escape
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from content.documents import Blog
from content.feeds import public
from core.database.documents import Raw

NEWEST: Final = 50
_NAMES: Final = ("title", "excerpt", "author_name", "tags")


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """The same whenever it is asked for, also while there is nothing."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


def feed(own_address: str, moment: datetime) -> bytes:
    """The feed that is found at `own_address`, as it is at a moment."""
    made = _Feed(
        title=public.ORGANISATION,
        link=f"{settings.SITE_URL}/",
        description="",
        language=settings.LANGUAGE_CODE,
        author_name=public.ORGANISATION,
        feed_url=own_address,
        feed_guid=own_address,
    )
    for raw in public.read(Blog, _NAMES, moment, limit=NEWEST):
        _add(made, raw)
    return made.writeString("utf-8").encode()


def _add(feed: Atom1Feed, raw: Raw) -> None:
    link = public.link(Blog, raw)
    feed.add_item(
        title=public.line(raw.get("title")) or link,
        link=link,
        description=escape(public.line(raw.get("excerpt"))),
        author_name=public.author_of(raw),
        pubdate=public.came_out(raw),
        updateddate=public.changed(raw),
        # It stays when the item's page, or the whole site, moves to another address.
        unique_id=uuid5(NAMESPACE_OID, str(raw["_id"])).urn,
        categories=public.tags(raw),
    )
