"""What requests and answers about accounts look like, for the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer


def request(**value: Any) -> Any:
    """Decorates a serializer with an example of what is sent."""
    return _example("Request", value, request_only=True)


def response(**value: Any) -> Any:
    """Decorates a serializer with an example of what is answered."""
    return _example("Answer", value, response_only=True)


def _example(name: str, value: dict[str, Any], **options: bool) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample(name, value=value, **options)])


EMAIL, USERNAME, FULL_NAME = "budi@lsa.example", "budi", "Budi Santoso"
PASSWORD, NEW_PASSWORD = "jalan-kenari-17", "jalan-merpati-3"
TOKEN = "V0rXk2bq0mJYwzP1c9r3nT5uA7eD4fGhKLsQiZxOaBc"
ACCESS_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJidWRpQGxzYS5leGFtcGxlIn0.…"
REFRESH_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.…"

user = response(
    id="665f1c2ab3d4e5f60718293a",
    email=EMAIL,
    username=USERNAME,
    full_name=FULL_NAME,
    role="author",
    is_active=True,
    is_admin=False,
    created_at="2026-01-31T09:00:00.000Z",
    last_login="2026-02-01T08:30:00.000Z",
)
token_pair = response(
    access_token=ACCESS_TOKEN, token_type="bearer", expires_in=1800, refresh_token=REFRESH_TOKEN
)
registration = request(email=EMAIL, username=USERNAME, password=PASSWORD, full_name=FULL_NAME)
login = request(username=EMAIL, password=PASSWORD)
refresh = logout = request(refresh_token=REFRESH_TOKEN)
profile = request(full_name=FULL_NAME, email="budi@new.example", current_password=PASSWORD)
administration = request(is_active=True, role="editor")
password_change = request(current_password=PASSWORD, new_password=NEW_PASSWORD)
password_reset = request(email=EMAIL)
password_reset_confirm = request(token=TOKEN, new_password=NEW_PASSWORD)
token = request(token=TOKEN)
invitation = request(email=EMAIL, role="editor")
invitation_confirm = request(token=TOKEN, username=USERNAME, full_name=FULL_NAME, password=PASSWORD)
session = response(
    id="665f1c2ab3d4e5f60718293b",
    created_at="2026-01-31T09:00:00.000Z",
    last_used="2026-02-01T08:30:00.000Z",
    app="Firefox, Linux",
    is_current=True,
)
event = response(
    id="665f1c2ab3d4e5f60718293c",
    type="user.role_changed",
    at="2026-01-31T09:00:00.000Z",
    actor={"id": "665f1c2ab3d4e5f60718293a", "name": FULL_NAME},
    resource="users",
    object_id="665f1c2ab3d4e5f60718293d",
    title="Ani Lestari",
    data={"from": "author", "to": "editor"},
)
