"""Markdown shown as readers will see it, for those who write."""

PATH = "/text/preview"


def preview(person, text: str, **body):
    return person.client.post(PATH, {"text": text} | body, content_type="application/json")


def test_it_shows_what_readers_of_an_item_will_see(owner):
    text = "## Judul\n\n**tebal** <script>alert(1)</script>"
    answer = preview(owner, text)
    assert answer.status_code == 200
    shown = answer.json()["data"]
    blog = owner.client.post("/blogs", {"title": "Catatan", "content": text}).json()["data"]
    assert shown == {"html": blog["content_html"], "excerpt": blog["excerpt"]}
    assert "<script" not in shown["html"]
    assert answer["Cache-Control"] == "private, no-store"


def test_it_is_for_those_who_are_logged_in(anyone):
    answer = anyone.post(PATH, {"text": "a"}, content_type="application/json")
    assert answer.status_code == 401


def test_it_is_bounded(owner):
    assert preview(owner, "a" * 100_001).status_code == 422
    assert preview(owner, "a", unknown=1).status_code == 422
    assert preview(owner, "").json()["data"]["html"] == ""


def test_it_is_limited_apart_from_writing(owner, stranger):
    for _ in range(60):
        assert preview(owner, "a").status_code == 200
    answer = preview(owner, "a")
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert preview(stranger, "a").status_code == 200
    blog = {"title": "Catatan", "content": "Isi"}
    assert owner.client.post("/blogs", blog).status_code == 201
