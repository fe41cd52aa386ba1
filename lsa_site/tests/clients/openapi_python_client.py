"""openapi-python-client: what it generated, used as its users would."""

import os
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from generated import AuthenticatedClient, Client
from generated.api.authentication import login, refresh, register
from generated.api.blogs import create_blog, delete_blog, get_blog, list_blogs, update_blog
from generated.api.programs import create_program, update_program
from generated.models import (
    BlogRequest,
    ErrorCode,
    LoginRequest,
    PatchedBlogRequest,
    PatchedProgramRequest,
    ProgramRequest,
    ProgramTypeEnum,
    RefreshRequest,
    RegisterRequest,
)
from generated.types import File

URL, PICTURE = os.environ["SERVICE_URL"], Path(os.environ["PICTURE"])
NAME, PASSWORD = "openapi_python_client", "jalan-kenari-17"

anyone = Client(base_url=URL)
account = RegisterRequest(email=f"{NAME}@lsa.example", username=NAME, password=PASSWORD)
assert register.sync(client=anyone, body=account).data.username == NAME
refused = login.sync(client=anyone, body=LoginRequest(username=NAME, password="salah"))
assert refused.meta.code is ErrorCode.INVALID_CREDENTIALS
tokens = login.sync(client=anyone, body=LoginRequest(username=NAME, password=PASSWORD))

owner = AuthenticatedClient(base_url=URL, token=tokens.access_token)
picture = File(BytesIO(PICTURE.read_bytes()), file_name="foto.png", mime_type="image/png")
draft = BlogRequest(title="Kabar kota", content="Hari ini hujan.", image=picture)
item = create_blog.sync(client=owner, body=draft).data
assert item.image.endswith(".png")
assert item.image_meta.width == 8
listed = list_blogs.sync(client=anyone, limit=50)
assert listed.meta.total >= 1
[tag] = [each.etag for each in listed.data if each.id == item.id]
change = PatchedBlogRequest(title="Kabar desa")
changed = update_blog.sync(item.id, client=owner, body=change, if_match=tag)
assert changed.data.title == "Kabar desa"
stale = update_blog.sync_detailed(item.id, client=owner, body=change, if_match=tag)
assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
assert stale.parsed.meta.code is ErrorCode.PRECONDITION_FAILED

start = datetime(2027, 1, 7, 9, tzinfo=timezone(timedelta(hours=7)))
program = ProgramRequest(
    title="Pelatihan data",
    description="Dua hari.",
    program_type=ProgramTypeEnum.TRAINING,
    start_date=start,
    is_active=False,
)
made = create_program.sync(client=owner, body=program).data
assert (made.start_date, made.is_active) == (start, False)
renamed = PatchedProgramRequest(title="Pelatihan data terbuka")
changed = update_program.sync(made.id, client=owner, body=renamed).data
assert (changed.start_date, changed.is_active) == (start, False)

renewed = refresh.sync(client=anyone, body=RefreshRequest(refresh_token=tokens.refresh_token))
owner = AuthenticatedClient(base_url=URL, token=renewed.access_token)
assert delete_blog.sync_detailed(item.id, client=owner).status_code == HTTPStatus.OK
assert get_blog.sync_detailed(item.id, client=anyone).status_code == HTTPStatus.NOT_FOUND
