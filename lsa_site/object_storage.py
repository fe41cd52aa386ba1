"""Media in an S3-compatible object store instead of on this machine's disk."""

import os
from typing import Any
from urllib.parse import urlsplit

from core import environment as env

PREFIX = "MEDIA_S3_"
OBJECT_STORE = "content.pictures.object_store.ObjectStore"
# A name is never used twice, so what it names never changes.
CACHE_CONTROL = "public, max-age=31536000, immutable"
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 2


def from_environment() -> dict[str, Any] | None:
    """Django's description of the storage; None where no `MEDIA_S3_*` is set.

    Stops the start with one line where the settings are incomplete.
    """
    if not any(value.strip() for name, value in os.environ.items() if name.startswith(PREFIX)):
        return None
    bucket, endpoint, region = _bucket(), _endpoint(), _region()
    protocol, domain = _public_address(bucket, endpoint, region)
    return _described(
        bucket_name=bucket,
        custom_domain=domain,
        url_protocol=protocol,
        querystring_auth=False,
        object_parameters={"CacheControl": CACHE_CONTROL},
    )


def kept_from_environment() -> dict[str, Any] | None:
    """The same of the place that nothing serves; None where it is on this machine's disk.

    Its objects have no access list of their own, so they are private where the bucket is.
    """
    name = f"{PREFIX}KEPT_BUCKET"
    if not (kept := env.text(name)):
        return None
    if kept == _bucket():
        env.fail(name, f"another bucket than {PREFIX}BUCKET, which everybody may read")
    return _described(bucket_name=kept, object_parameters={"CacheControl": "private, no-store"})


def _described(**options: Any) -> dict[str, Any]:
    access_key, secret_key = _keys()
    shared = {
        "endpoint_url": _endpoint(),
        "region_name": _region() or "us-east-1",  # signatures need one, stores ignore it
        "access_key": access_key,
        "secret_key": secret_key,
        "file_overwrite": False,
        "client_config": _client_config(path_style=bool(_endpoint())),
    }
    return {"BACKEND": OBJECT_STORE, "OPTIONS": shared | options}


def _region() -> str:
    region = env.text(f"{PREFIX}REGION")
    if not (region or _endpoint()):
        env.fail(f"{PREFIX}REGION", f"a region; else set {PREFIX}ENDPOINT_URL")
    return region


def _bucket() -> str:
    takes = f"the bucket's name; it is needed beside other {PREFIX}* variables"
    return env.text(f"{PREFIX}BUCKET") or env.fail(f"{PREFIX}BUCKET", takes)


def _endpoint() -> str | None:
    endpoint = env.text(f"{PREFIX}ENDPOINT_URL").rstrip("/") or None
    if endpoint and not _is_address(endpoint):
        env.fail(f"{PREFIX}ENDPOINT_URL", "a full http(s):// address, or nothing for Amazon's")
    return endpoint


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and bool(urlsplit(text).netloc)


def _keys() -> tuple[str | None, str | None]:
    """Both, or neither: then boto3 finds the machine's own role."""
    access, secret = f"{PREFIX}ACCESS_KEY", f"{PREFIX}SECRET_KEY"
    keys = env.text(access) or None, env.text(secret) or None
    if any(keys) and not all(keys):
        env.fail(secret if keys[0] else access, f"a key; {access} and {secret} go together")
    return keys


def _public_address(bucket: str, endpoint: str | None, region: str) -> tuple[str, str]:
    """Scheme and address under which browsers find the files.

    Given always: without one, boto3 would sign each address of each list, a millisecond each.
    """
    name = f"{PREFIX}CUSTOM_DOMAIN"
    given = env.text(name).rstrip("/")
    if given and "://" in given and not _is_address(given):
        env.fail(name, "a domain, or a full http(s):// address")
    if not given:
        given = f"{endpoint}/{bucket}" if endpoint else f"{bucket}.s3.{region}.amazonaws.com"
    scheme, _, domain = given.rpartition("://")
    return f"{scheme or 'https'}:", domain


def _client_config(*, path_style: bool) -> Any:
    from botocore.config import Config  # slow to import, and only needed here

    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        s3={"addressing_style": "path" if path_style else "auto"},
        signature_version="s3v4",
    )
