"""Pictures of this service as texts refer to them: from an address back to the stored name."""

from urllib.parse import unquote

from django.conf import settings

from content.pictures import storage

# Where they lie unless `MEDIA_URL` says otherwise: a text may be older than that.
USUAL_PREFIX = f"/media/{storage.FOLDER}/"


def name_at(address: str) -> str | None:
    """The storage's name of the original that an address shows, itself or a smaller copy of it;
    None where the picture is not this service's."""
    path = address.partition("?")[0].partition("#")[0]
    for prefix in (current_prefix(), USUAL_PREFIX, storage.EARLIER_PREFIX):
        for beginning in (prefix, settings.PUBLIC_URL + prefix):
            if path.startswith(beginning):
                return _picture(unquote(path.removeprefix(beginning)))
    return None


def current_prefix() -> str:
    """What the addresses of all pictures begin with today."""
    return storage.url(f"{storage.FOLDER}/-").removesuffix("-")


def _picture(file: str) -> str | None:
    name = storage.file_name(f"{storage.FOLDER}/{file}")
    is_picture = name is not None and storage.content_type(name) is not None
    return storage.original_of(name) if is_picture else None
