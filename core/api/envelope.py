"""The one shape of JSON answers: `{"status", "message", "data", "meta"}`."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.response import Response


def success(data: Any, message: str, meta: Any = None) -> dict[str, Any]:
    return {"status": "success", "message": message, "data": data, "meta": meta}


def failure(
    message: str, *, code: str, request_id: str, errors: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """An error: `code` is a stable snake_case word, `errors` maps fields to messages."""
    meta = {"code": code, "errors": dict(errors or {}), "request_id": request_id}
    return {"status": "error", "message": message, "data": None, "meta": meta}


def answer(
    data: Any,
    message: str,
    *,
    meta: Any = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A DRF response with the success envelope."""
    return Response(success(data, message, meta), status=status, headers=headers)


def dumps(data: Any) -> bytes:
    """JSON as UTF-8 bytes; lazy translations and other odd values become text."""
    return orjson.dumps(data, default=str)


class OrjsonRenderer(renderers.JSONRenderer):
    """JSON without DRF's encoder, which took most of a list's time."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else dumps(data)
