"""Addresses of pages and files that a browser may be sent to."""

import regex

_SCHEME = regex.compile(r"([a-z][a-z0-9+.-]*):", regex.IGNORECASE)
# Browsers pass over these before and within a scheme (WHATWG URL, 4.4).
_PASSED_OVER = regex.compile(r"[\x00-\x20]+")
# What an address is made of: RFC 3986, 2, and letters and digits of other scripts (RFC 3987).
# Anything else ends it in somebody's page, or is read in two ways, as `\` is.
_SPELT = regex.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\p{L}\p{M}\p{N}]+")
_WITH_HOST = regex.compile(r"https?://[^/?#]+", regex.IGNORECASE)


def is_link(address: str) -> bool:
    """Whether it is a full http or https address."""
    return address.lower().startswith(("http://", "https://"))


def is_harmless(address: str) -> bool:
    """Whether it is a path or a full http or https address: any other scheme could run
    something, as `javascript:` does."""
    if address.startswith("/"):
        return True
    scheme = _SCHEME.match(_PASSED_OVER.sub("", address))
    return scheme is None or scheme[1].lower() in ("http", "https")


def is_plain(address: str) -> bool:
    """Whether it is spelt as addresses are and names nobody before its host, where a name looks
    like one (`https://lsa.example@elsewhere.example`)."""
    host = _WITH_HOST.match(address)
    return bool(_SPELT.fullmatch(address) and host and "@" not in host[0])
