"""Media in an S3-compatible object store instead of on this machine's disk."""

import os
from typing import Any
from urllib.parse import urlsplit

from core import environment as env

PREFIX = "MEDIA_S3_"
# A name is never used twice, so what it names never changes.
CACHE_CONTROL = "public, max-age=31536000, immutable"
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 2


def from_environment() -> dict[str, Any] | None:
    """Django's description of the storage; None where no `MEDIA_S3_*` is set.

    Stops the start with one line where the settings are incomplete.
    """
    if not any(value.strip() for name, value in os.environ.items() if name.startswith(PREFIX)):
        return None
    bucket, endpoint = _bucket(), _endpoint()
    access_key, secret_key = _keys()
    region = env.text(f"{PREFIX}REGION")
    if not (region or endpoint):
        env.fail(f"{PREFIX}REGION", f"a region; else set {PREFIX}ENDPOINT_URL")
    protocol, domain = _public_address(bucket, endpoint, region)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": region or "us-east-1",  # signatures need one, stores ignore it
            "access_key": access_key,
            "secret_key": secret_key,
            "custom_domain": domain,
            "url_protocol": protocol,
            "querystring_auth": False,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": CACHE_CONTROL},
            "client_config": _client_config(path_style=bool(endpoint)),
        },
    }


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
