"""Entity tags as clients send them back (RFC 9110, section 13.1)."""

import re

from django.utils.http import parse_etags

# Tags, or any (RFC 9110, 13.1.1). Django takes a tag with commas apart: it finds none in it.
WELL_FORMED = re.compile(r"""(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)""")
# What compressing proxies add to a tag: Apache -gzip and ;gzip, nginx and Jetty --gzip, others -br.
_ADDED_BY_PROXIES = re.compile(r'(?:--?|;)(?:gzip|br|zstd|deflate)(?=")')


def as_sent(header: str) -> str:
    """The header with its tags as they were before a proxy changed them on the way."""
    return _ADDED_BY_PROXIES.sub("", header)


def names(header: str, tag: str) -> bool:
    """Whether an `If-None-Match` names this tag: compared weakly."""
    strong = tag.removeprefix("W/")
    if header.removeprefix("W/") == strong:  # as nearly all are, and quicker
        return True
    tags = parse_etags(as_sent(header))
    return tags == ["*"] or strong in {each.removeprefix("W/") for each in tags}
