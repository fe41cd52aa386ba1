"""datamodel-code-generator: its models in front of a plain HTTP client."""

import os
from pathlib import Path

import requests
from generated_models import (
    ApiError,
    BlogEnvelope,
    BlogListEnvelope,
    BlogRequest,
    ErrorCode,
    LoginRequest,
    PatchedBlogRequest,
    RefreshRequest,
    RegisterRequest,
    Token,
    UserEnvelope,
)

URL, PICTURE = os.environ["SERVICE_URL"], Path(os.environ["PICTURE"])
NAME, PASSWORD = "datamodel_code_generator", "jalan-kenari-17"


def sent(model):
    """A body as JSON takes it."""
    return model.model_dump(mode="json", exclude_unset=True)


def post(path, model):
    return requests.post(f"{URL}/api/v1{path}", json=sent(model), timeout=60)


def bearer(token):
    return {"Authorization": f"Bearer {token.access_token}"}


account = RegisterRequest(email=f"{NAME}@lsa.example", username=NAME, password=PASSWORD)
registered = UserEnvelope.model_validate_json(post("/auth/register", account).text)
assert registered.data.username == NAME
refused = post("/auth/login", LoginRequest(username=NAME, password="salah"))
error = ApiError.model_validate_json(refused.text)
assert error.meta.code is ErrorCode.invalid_credentials
known = LoginRequest(username=NAME, password=PASSWORD)
token = Token.model_validate_json(post("/auth/login", known).text)

blogs = f"{URL}/api/v1/blogs"
draft = BlogRequest(title="Kabar kota", content="Hari ini hujan.")
created = requests.post(
    blogs,
    data=sent(draft),
    files={"image": ("foto.png", PICTURE.read_bytes(), "image/png")},
    headers=bearer(token),
    timeout=60,
)
item = BlogEnvelope.model_validate_json(created.text).data
assert item.image_meta.width == 8
listed = BlogListEnvelope.model_validate_json(requests.get(blogs, timeout=60).text)
[tag] = [each.etag for each in listed.data if each.id == item.id]

address = f"{blogs}/{item.id}"
change = {
    "json": sent(PatchedBlogRequest(title="Kabar desa")),
    "headers": bearer(token) | {"If-Match": tag},
    "timeout": 60,
}
changed = BlogEnvelope.model_validate_json(requests.patch(address, **change).text)
assert changed.data.title == "Kabar desa"
stale = ApiError.model_validate_json(requests.patch(address, **change).text)
assert stale.meta.code is ErrorCode.precondition_failed

renewal = post("/auth/refresh", RefreshRequest(refresh_token=token.refresh_token))
renewed = Token.model_validate_json(renewal.text)
assert requests.delete(address, headers=bearer(renewed), timeout=60).status_code == 200
assert requests.get(address, timeout=60).status_code == 404
