"""`python -m bench.fill N`: articles straight into the environment's database, until it has N."""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django
import pymongo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")
django.setup()

from content.documents import Blog  # noqa: E402 (Django must be set up first)
from core.database import connection  # noqa: E402
from core.times import now  # noqa: E402

BATCH = 500


def fill(total: int) -> None:
    blogs = Blog.collection()
    present = blogs.count_documents({})
    for start in range(present, total, BATCH):
        blogs.insert_many(list(articles(start, min(start + BATCH, total))), ordered=False)


def articles(start: int, end: int) -> Iterator[dict[str, Any]]:
    """Older ones than what is there: the newest page stays the same."""
    for number in range(start, end):
        moment = now() - timedelta(days=365, minutes=number)
        fields = {"title": f"Arsip {number}", "content": "Kabar dari lapangan. " * 20}
        yield (
            fields
            | Blog.LISTING.derived(fields)
            | {
                "author": "arsip@example.org",
                "author_id": None,
                "created_at": moment,
                "updated_at": moment,
                "version": 1,
            }
        )


if __name__ == "__main__":
    with pymongo.timeout(connection.NO_LIMIT):
        fill(int(sys.argv[1]))
