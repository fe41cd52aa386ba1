"""Which pages of other origins may ask the service from a browser, and what they may send and read.

How an origin is written: RFC 6454, 6.2. What these lists mean: the Fetch standard, 3.3.
"""

from typing import Final

_HOST: Final = r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?"
# As browsers write an origin: anything else would never match.
ORIGIN: Final = rf"\*|http://(?!.*:80$){_HOST}|https://(?!.*:443$){_HOST}"
TAKES: Final = (
    "origins such as https://lsa.example, comma-separated or a JSON list, or *: in lower "
    "case (a name of other letters in its xn-- form), without path, wildcard and usual port"
)
MAY_SEND: Final = [
    "authorization",
    "cache-control",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "range",
    "traceparent",
    "x-request-id",
    "x-requested-with",
]
MAY_READ: Final = [
    "ETag",
    "Location",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-ID",
    "X-Total-Count",
]
