"""docs/quickstart.md, as a front end on another origin would run it."""

import re

from django.conf import settings

from content.tests.browser import begin_anew
from editors.tests.browser.walk import photo

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
  words: [...document.images].map((image) => image.alt),
  photo, preview, html: seen.content_html, status: seen.status,
  content: changed.content, stale: stale.status,
};
"""


def test_every_block_works_from_another_origin(driver, origin, owner, word):
    fields = {"content": "Isi.", "image_alt": "Warga"}
    for number in range(2):
        owner.create("blogs", title=f"{word} {number}", image=photo(), **fields)
    text = (settings.BASE_DIR / "docs/quickstart.md").read_text()
    blocks = "\n".join(re.findall(r"```js\n(.*?)```", text, re.DOTALL))
    script = blocks.replace("http://127.0.0.1:8000", owner.url) + STEPS
    begin_anew(driver)
    driver.get(origin)
    answer = driver.execute_async_script(
        "const [script, done] = arguments;"
        "const run = new (Object.getPrototypeOf(async () => {}).constructor)(script);"
        "run().then(done, (error) => done({ error: String(error) }));",
        script,
    )
    assert "error" not in answer, answer
    # The newest first.
    assert answer["titles"][:2] == [f"{word} 1", f"{word} 0"]
    assert answer["words"][:2] == ["Warga", "Warga"]
    assert (answer["photo"]["image_meta"]["width"], answer["photo"]["image_alt"]) == (
        40,
        "Ruang kelas",
    )
    assert answer["preview"]["url"].endswith(f"?preview={answer['preview']['token']}")
    assert (answer["status"], answer["html"]) == ("draft", "<p><strong>Isi</strong></p>\n")
    assert (answer["content"], answer["stale"]) == ("Baru", 412)
