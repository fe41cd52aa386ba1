"""The parts that operations share: envelopes, the meta of a page, errors."""

from collections.abc import Iterator
from typing import Any

from core.api.exception_handler import codes

Schema = dict[str, Any]

# What stands for a refusal in `components`, and what it means.
REFUSALS = {
    "400": (
        "BadRequest",
        "Not readable: malformed body or id, a file that is not allowed, a value already taken",
    ),
    "401": ("Unauthorized", "No or bad credentials"),
    "403": ("Forbidden", "Not yours to change"),
    "404": ("NotFound", "No such thing"),
    "409": ("Conflict", "It contradicts what is there; `code` says how"),
    "412": ("PreconditionFailed", "Changed since it was read (`If-Match`)"),
    "415": ("UnsupportedMediaType", "A body of another media type"),
    "422": (
        "UnprocessableContent",
        "A missing, unknown or invalid field or parameter, each named in `meta.errors`",
    ),
    "429": ("TooManyRequests", "Too many requests; `Retry-After` says when to come back"),
    "500": ("InternalServerError", "A fault of ours; `request_id` is what to tell us"),
    "503": (
        "ServiceUnavailable",
        "Database or storage is away; `Retry-After` says when to come back",
    ),
}
RETRY_AFTER = {"schema": {"type": "integer"}, "description": "Seconds."}
NULL = {"type": "null"}
PAGE_META = {
    "type": "object",
    "description": "Where a page lies in its list.",
    "required": ["total", "skip", "limit", "count", "has_more", "next", "previous"],
    "properties": {
        "total": {"type": ["integer", "null"], "description": "Null with `count=false`."},
        "skip": {"type": "integer"},
        "limit": {"type": "integer"},
        "count": {"type": "integer"},
        "has_more": {"type": "boolean"},
        "next": {"type": ["string", "null"], "format": "uri-reference"},
        "previous": {"type": ["string", "null"], "format": "uri-reference"},
    },
}
PAGE_EXAMPLE = {
    "total": 1,
    "skip": 0,
    "limit": 10,
    "count": 1,
    "has_more": False,
    "next": None,
    "previous": None,
}


def reference(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


MOVED = {
    "description": "It has another address now",
    "headers": {
        "Location": {
            "schema": {"type": "string", "format": "uri-reference"},
            "required": True,
            "description": "The path of where it is.",
        }
    },
    "content": {"application/json": {"schema": reference("EmptyEnvelope")}},
}


def envelope(data: Schema, meta: Schema, *, status: str = "success") -> Schema:
    """What is around every JSON answer."""
    return {
        "type": "object",
        "required": ["status", "message", "data", "meta"],
        "properties": {
            "status": {"type": "string", "const": status},
            "message": {"type": "string"},
            "data": data,
            "meta": meta,
        },
    }


def shared_schemas() -> dict[str, Schema]:
    return {
        "ErrorCode": {
            "type": "string",
            "description": "The stable word for what went wrong.",
            "enum": sorted(codes()),
        },
        "ErrorMeta": {
            "type": "object",
            "required": ["code", "errors", "request_id"],
            "properties": {
                "code": reference("ErrorCode"),
                "errors": {
                    "type": "object",
                    "description": "What is wrong with each field or parameter.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
                "request_id": {"type": "string"},
            },
        },
        "ApiError": envelope(NULL, reference("ErrorMeta"), status="error"),
        "PageMeta": PAGE_META,
    }


def refusals() -> Iterator[tuple[str, Schema]]:
    """The answers that say no."""
    for code, (name, description) in REFUSALS.items():
        content = {"application/json": {"schema": reference("ApiError")}}
        answer: Schema = {"description": description, "content": content}
        if code in ("429", "503"):
            answer["headers"] = {"Retry-After": RETRY_AFTER}
        yield name, answer
