"""How large the body of a request may be."""

from django.conf import settings


def body_limit(path: str, content_type: str) -> int:
    """Bytes that a body of this media type may have at this path.

    Only a form with files may be as large as a file; `settings.BODY_LIMITS` has the paths where
    strangers send little.
    """
    under = path.removeprefix(settings.API_PREFIX)
    for prefix, limit in settings.BODY_LIMITS.items():
        if under.startswith(prefix):
            return limit
    kind = content_type.partition(";")[0].strip().lower()
    is_form = kind == "multipart/form-data"
    return settings.MAX_BODY_SIZE if is_form else settings.MAX_TEXT_BODY_SIZE
