"""Feeds over HTTP: one for everybody, with an entity tag."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from content.documents import RESOURCES, Blog, Program
from content.feeds import articles, events, pages
from content.publishing.documents import ContentDocument
from content.publishing.due import next_due
from core.api import conditional
from core.api.views import BaseView
from core.front.marks import is_given_unasked
from core.times import now


class FeedView(BaseView):
    """A feed says what it is made from, its `media_type` and, for a moment, its `content`."""

    authentication_classes = ()
    permission_classes = ()
    tags = ("feeds",)
    is_conditional = True
    documents: tuple[type[ContentDocument], ...]
    media_type: str

    def get(self, request: Request) -> HttpResponse:
        moment = now()
        content = self.content(moment)
        response = HttpResponse(content, content_type=f"{self.media_type}; charset=utf-8")
        return conditional.answer_read(
            request,
            response,
            conditional.content_tag(content),
            depends_on=[document.collection_name() for document in self.documents],
            until=self.until(moment) if is_given_unasked(request) else None,
        )

    def content(self, moment: datetime) -> bytes:
        raise NotImplementedError

    def until(self, moment: datetime) -> datetime | None:
        """When the feed changes though nothing is written."""
        coming = [due for document in self.documents if (due := next_due(document, moment))]
        return min(coming, default=None)


@extend_schema(summary="Follow the newest articles")
class BlogFeedView(FeedView):
    """The 50 newest articles as an Atom feed, each with its excerpt and its page on the site."""

    documents = (Blog,)
    media_type = "application/atom+xml"

    def content(self, moment: datetime) -> bytes:
        return articles.feed(own_address("blog-feed"), moment)


@extend_schema(summary="Subscribe to the programs")
class ProgramCalendarView(FeedView):
    """Programs with a start, from a year ago on, as an iCalendar to subscribe to. An event keeps
    its UID, raises its SEQUENCE when it changes, and is CANCELLED while it is not active."""

    documents = (Program,)
    media_type = "text/calendar"

    def content(self, moment: datetime) -> bytes:
        return events.calendar(own_address("program-calendar"), moment)

    def until(self, moment: datetime) -> datetime:
        tomorrow = events.midnight(moment) + timedelta(days=1)
        return min(tomorrow, super().until(moment) or tomorrow)


@extend_schema(summary="List the pages of the site")
class SitemapView(FeedView):
    """The pages of the site that show public items, at most 50,000, for search engines."""

    documents = RESOURCES
    media_type = "application/xml"

    def content(self, moment: datetime) -> bytes:
        return pages.sitemap(moment)


def own_address(name: str) -> str:
    """Where a feed is found, whichever name of this service it was asked for by."""
    return settings.PUBLIC_URL + reverse(name)
