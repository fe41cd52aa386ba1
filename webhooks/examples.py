"""What requests and answers about webhooks look like, for the OpenAPI document."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from accounts.api.examples import response

ID, EVENT = "665f1c2ab3d4e5f60718293a", "665f1c2ab3d4e5f60718293b"
URL = "https://www.lsa.example/hooks/content"
MOMENT = "2026-01-31T09:00:00.000Z"

SENT = {"url": URL, "events": ["blog.published", "blog.updated"], "batch_seconds": 0}
SHOWN = {
    "id": ID,
    "description": None,
    "is_active": True,
    "switched_off": None,
    "rate_per_minute": 60,
    "failures": 0,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "etag": f'"{ID}-1-0a9c31b2f4d5"',
    **SENT,
}
webhook = extend_schema_serializer(
    examples=[
        OpenApiExample("Request", value=SENT, request_only=True),
        OpenApiExample("Answer", value=SHOWN, response_only=True),
    ]
)
created = response(**SHOWN, secret="whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
payload = {
    "type": "blog.published",
    "version": 1,
    "timestamp": MOMENT,
    "data": {
        "resource": "blogs",
        "id": "665f1c2ab3d4e5f60718293c",
        "slug": "kopi-dan-kabut",
        "version": 3,
        "status": "published",
        "url": "https://www.lsa.example/blogs/kopi-dan-kabut",
    },
}
delivery = response(
    id=EVENT,
    type="blog.published",
    status="delivered",
    created_at=MOMENT,
    status_code=204,
    error=None,
    duration_ms=38,
    tried=1,
    tried_at="2026-01-31T09:00:00.412Z",
    due=None,
    message_id=EVENT,
    payload=payload,
    tries=[
        {
            "at": "2026-01-31T09:00:00.412Z",
            "status_code": 204,
            "error": None,
            "detail": None,
            "duration_ms": 38,
            "response": "",
        }
    ],
)
health = response(
    id=ID,
    success_rate=0.98,
    p50_ms=38,
    p95_ms=120,
    consecutive_failures=0,
    last_error={"at": MOMENT, "status_code": 500, "error": "refused", "detail": "HTTP 500"},
)
