"""Every kind of page, and who comes by."""

import os
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from conftest import PASSWORD
from editors.tests.browser.conftest import Page, Site, jpeg

API = "/api/v1"
TEXT = """## Latar belakang

Data **terbuka** membantu warga. [Laporan](https://lsa.example/laporan)

- satu
- dua

> Sebuah kutipan.

| Tahun | Jumlah |
| --- | --- |
| 2025 | 12 |
"""
# The pages by name; in braces what the walk made for it.
EVERYBODY = {
    "front": "/",
    "login": "/login",
    "password-reset": "/password-reset",
    "invitation": "/invitation?token=x",
    "email-confirm": "/email-confirm?token=x",
    "list": f"{API}/blogs",
    "list-of-nothing": f"{API}/blogs?search=zzz",
    "item": f"{API}/blogs/{{other}}",
    "gallery": f"{API}/gallery",
    "refused-filter": f"{API}/blogs?author=nobody",
    "closed": f"{API}/users",
    "nothing-there": f"{API}/blogs/0123456789abcdef01234567",
}
MEMBERS = {
    "front": "/",
    "list-of-all": f"{API}/programs?state=all",
    "list-of-trash": f"{API}/blogs?state=trashed",
    "own-item": f"{API}/programs/{{own}}",
    "item-of-another": f"{API}/blogs/{{other}}",
    "history": f"{API}/programs/{{own}}/revisions",
    "revision": f"{API}/programs/{{own}}/revisions/2",
    "profile": f"{API}/auth/me",
    "sessions": f"{API}/auth/sessions",
    "password": "/password",
}
ADMINS = MEMBERS | {
    "people": f"{API}/users",
    "person": f"{API}/users/{{person}}",
    "activity": f"{API}/activity",
    "webhooks": f"{API}/webhooks",
    "webhook": f"{API}/webhooks/{{webhook}}",
    "deliveries": f"{API}/webhooks/{{webhook}}/deliveries",
    "delivery": f"{API}/webhooks/{{webhook}}/deliveries/{{delivery}}",
    "webhook-health": f"{API}/webhooks/{{webhook}}/health",
}


class Visitor(NamedTuple):
    """Somebody, None without an account, and the addresses they come by, by name."""

    role: str
    site: Site | None
    pages: dict[str, str]

    def visit(self, page: Page) -> Iterator[str]:
        """Opens each page and gives its name."""
        if self.site:
            page.log_in(self.site)
        for name, path in self.pages.items():
            page.open(path)
            yield f"{self.role}-{name}"


def unfold(page: Page) -> None:
    """Show all that the page has."""
    page.driver.execute_script(
        "for (const each of document.querySelectorAll('main details')) each.open = true;"
    )


def visitor(role: str, admin: Site) -> Visitor:
    """Somebody new in this role, with something of each kind to look at."""
    other = admin.create("blogs", title="Mengapa data dibuka", content=TEXT, image=photo())
    if role == "anonymous":
        return Visitor(role, None, addresses(EVERYBODY, other=other["id"]))
    site = admin if role == "admin" else join(admin, role)
    made = {"other": other["id"], "own": write(site)}
    if role == "admin":
        made |= look_after(admin)
    return Visitor(role, site, addresses(ADMINS if role == "admin" else MEMBERS, **made))


def addresses(pages: dict[str, str], **made: str) -> dict[str, str]:
    return {name: path.format(**made) for name, path in pages.items()}


def join(admin: Site, role: str) -> Site:
    name = f"{role}{uuid4().hex[:6]}"
    account = {"email": f"{name}@lsa.example", "username": name, "password": PASSWORD}
    made = admin.api.post(f"{admin.url}{API}/auth/register", json=account).json()["data"]
    changed = admin.api.patch(f"{admin.url}{API}/users/{made['id']}", json={"role": role})
    changed.raise_for_status()
    return Site(admin.url, name)


def write(site: Site) -> str:
    """A draft with a version before it, and something in the trash; gives the draft's id."""
    fields = {"program_type": "workshop", "status": "draft", "tags": "data,warga"}
    fields |= {"start_date": "2027-03-01T02:00:00Z", "image": photo(), "image_alt": "Warga duduk"}
    own = site.create("programs", title="Lokakarya data", description=TEXT, **fields)
    path = f"{site.url}{API}/programs/{own['id']}"
    site.api.patch(path, json={"title": "Lokakarya data warga"}).raise_for_status()
    old = site.create("blogs", title="Kabar lama", content="Isi.", status="draft")
    site.api.delete(f"{site.url}{API}/blogs/{old['id']}").raise_for_status()
    return own["id"]


def look_after(admin: Site) -> dict[str, str]:
    """Somebody to look at, and a webhook that was tested in vain: nobody listens there."""
    fields = {"url": f"http://127.0.0.1:9/{uuid4().hex}", "events": ["blog.published"]}
    made = admin.api.post(f"{admin.url}{API}/webhooks", json=fields).json()["data"]["id"]
    ping = admin.api.post(f"{admin.url}{API}/webhooks/{made}/test", json={}).json()["data"]
    [person, *_others] = admin.read("users?search=owner").json()["data"]
    return {"webhook": made, "delivery": ping["id"], "person": person["id"]}


def photo() -> tuple[str, bytes]:
    return "kegiatan.jpg", jpeg()


def screenshot(page: Page, name: str) -> None:
    """The whole page as a picture, where SCREENSHOTS names a folder for those who want to look."""
    if folder := os.environ.get("SCREENSHOTS"):
        whole = {"captureBeyondViewport": True}
        picture = page.driver.execute_cdp_cmd("Page.captureScreenshot", whole)["data"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(b64decode(picture))
