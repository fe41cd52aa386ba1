"""docs/quickstart.md, as a front end on another origin would run it."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from content.tests.browser import begin_anew
from content.tests.site import served
from editors.tests.browser.conftest import free_port

PAGE = b"<!doctype html><html lang=id><title>Situs</title><link rel=icon href=data:,><body></body>"
# What a reader of the page does with its functions.
STEPS = """
await call("auth/register", { method: "POST", body: new URLSearchParams(
  { email: "sari@lsa.example", username: "sari", password: "kereta-pagi-27" }) });
await logIn("sari", "kereta-pagi-27");
const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
canvas.getContext("2d").fillRect(0, 0, 40, 30);
const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
const photo = await addPhoto(new File([blob], "foto.png"), "Kegiatan", "Ruang kelas");
tokens.access_token = "expired";
const draft = await addDraft("Catatan", "**Isi**");
const preview = await previewOf(draft);
const seen = await readPreview(draft, preview.token);
const changed = (await change("blogs", draft, { content: "Baru" })).data;
const stale = await change("blogs", draft, { content: "Lama" }).catch((error) => error);
return {
  titles: [...document.querySelectorAll("h2")].map((title) => title.textContent),
  drawn: [...document.images].every((image) => image.alt),
  photo, preview, html: seen.content_html, status: seen.status,
  content: changed.content, stale: stale.status,
};
"""


class Anywhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", free_port()), Anywhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def api(origin, seeded, tmp_path_factory) -> Iterator[str]:
    """A seeded site that allows the page's origin."""
    with served(seeded(tmp_path_factory.mktemp("quickstart")), ALLOWED_ORIGINS=origin) as api:
        yield api


def test_every_block_works_from_another_origin(driver, origin, api):
    text = (settings.BASE_DIR / "docs/quickstart.md").read_text()
    blocks = "\n".join(re.findall(r"```js\n(.*?)```", text, re.DOTALL))
    script = blocks.replace("http://127.0.0.1:8000", api) + STEPS
    begin_anew(driver)
    driver.get(origin)
    answer = driver.execute_async_script(
        "const [script, done] = arguments;"
        "const run = new (Object.getPrototypeOf(async () => {}).constructor)(script);"
        "run().then(done, (error) => done({ error: String(error) }));",
        script,
    )
    assert "error" not in answer, answer
    assert len(answer["titles"]) == 2
    assert answer["drawn"]
    assert (answer["photo"]["image_meta"]["width"], answer["photo"]["image_alt"]) == (
        40,
        "Ruang kelas",
    )
    assert answer["preview"]["url"].endswith(f"?preview={answer['preview']['token']}")
    assert (answer["status"], answer["html"]) == ("draft", "<p><strong>Isi</strong></p>\n")
    assert (answer["content"], answer["stale"]) == ("Baru", 412)
