"""Answers as pages, as a browser asks for them; a real one is driven in `browser/`."""

import pytest
from django.test import Client

from conftest import PASSWORD
from content.tests.resources import RESOURCES
from core.errors import DatabaseUnavailable

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, HTTP_ACCEPT="text/html,*/*;q=0.8")


def log_in(browser: Client, name: str) -> None:
    assert browser.post("/login", {"username": name, "password": PASSWORD}).status_code == 302


def create_blog(person, **fields: str) -> str:
    blog = {"title": "Catatan", "content": "Isi"} | fields
    return person.client.post("/blogs", blog).json()["data"]["id"]


def page(answer) -> str:
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    return answer.content.decode()


def kinds(answer, form: int = 0) -> dict[str, str]:
    return {box.name: box.kind for box in answer.context["forms"][form].boxes}


def test_what_people_wrote_is_never_markup(browser, owner):
    blog_id = create_blog(owner, title=HOSTILE, content=HOSTILE)
    log_in(browser, "owner")
    for path in ("/blogs", f"/blogs/{blog_id}", "/blogs?search=<script>"):
        assert "<script>alert" not in page(browser.get(path))
        assert "<img src=x" not in page(browser.get(path))


def test_pages_differ_by_reader_and_no_shared_cache_keeps_them(browser, owner):
    answer = browser.get("/blogs")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "unsafe-inline'" not in answer["Content-Security-Policy"].split("style-src")[0]


def test_the_front_page_leads_to_every_list(browser):
    head, _, below = page(browser.get("/")).partition('class="places"')
    assert "Lembaga Sinergi Analitika</h1>" in head
    for name in (*RESOURCES, "docs"):
        assert f'href="/api/v1/{name}"' in below


def test_pages_are_indonesian(browser):
    shown = page(browser.get("/login"))
    assert '<html lang="id"' in shown
    assert "Lembaga Sinergi Analitika</span>" in shown
    assert "<h1>Masuk</h1>" in shown


def test_the_front_page_of_somebody_is_kept_nowhere(browser, owner):
    assert browser.get("/")["Cache-Control"] == "private, no-cache"
    log_in(browser, "owner")
    assert browser.get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/webhooks", "/activity"])
def test_a_list_that_is_not_searched_has_filters_and_no_search_box(browser, admin, path):
    log_in(browser, "admin")
    shown = page(browser.get(path))
    assert 'class="find"' not in shown
    assert 'id="filter-ordering"' in shown
    assert 'class="find"' in page(browser.get("/blogs"))


def test_a_list_of_webhooks_says_in_words_what_its_numbers_are(browser, admin):
    body = {"url": "https://lsa.example/hook", "events": ["blog.published", "user.registered"]}
    assert admin.client.post("/webhooks", body, format="json").status_code == 201
    log_in(browser, "admin")
    answer = browser.get("/webhooks")
    [card] = answer.context["cards"]
    facts = {fact.name: fact.value for fact in card.facts}
    assert facts == {"events": "Blog: Terbit, Orang: Mendaftar", "rate_per_minute": 60}
    boxes = {box.name: box.value for box in answer.context["forms"][0].boxes}
    assert (boxes["batch_seconds"], boxes["rate_per_minute"]) == ("0", "60")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/blogs/0123456789abcdef01234567", 404),
        ("/blogs/malformed", 400),
        ("/blogs?limit=many", 422),
        ("/users", 401),
        ("/auth/me", 401),
    ],
)
def test_a_refusal_is_a_page_that_says_why_and_leads_on(browser, path, status):
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.context["message"] in page(answer)
    assert 'role="alert"' in page(answer)
    assert answer.context["forms"] == []


def test_a_stranger_who_writes_gets_a_page(browser, owner, stranger):
    blog_id = create_blog(owner)
    log_in(browser, "stranger")
    answer = browser.delete(f"/blogs/{blog_id}")
    assert answer.status_code == 403
    assert answer.context["message"] in page(answer)


def test_a_lost_database_is_a_page(browser, monkeypatch):
    def away(*_):
        raise DatabaseUnavailable

    monkeypatch.setattr("core.api.lists.read_page", away)
    monkeypatch.setattr("editors.account_pages.principal_of", away)
    answer = browser.get("/blogs")
    assert answer.status_code == 503
    assert answer.context["message"] in page(answer)


def test_a_bad_bearer_token_does_not_break_a_page(browser):
    answer = browser.get("/", HTTP_AUTHORIZATION="Bearer nonsense")
    assert answer.status_code == 200


def test_readers_are_offered_no_forms(browser, owner):
    blog_id = create_blog(owner)
    for path in ("/blogs", f"/blogs/{blog_id}"):
        answer = browser.get(path)
        assert answer.context["forms"] == []
        assert not answer.context["can_delete"]


@pytest.mark.parametrize(
    ("name", "is_offered"), [("owner", True), ("admin", True), ("stranger", False)]
)
def test_only_the_owner_and_admins_are_offered_changes(
    browser, owner, admin, stranger, name, is_offered
):
    blog_id = create_blog(owner)
    log_in(browser, name)
    shown = page(browser.get(f"/blogs/{blog_id}"))
    for form in ('id="form-patch"', 'id="delete-item"'):
        assert (form in shown) is is_offered
    assert ('<p class="hint">' in shown) is not is_offered


def test_the_form_of_a_new_program_has_an_input_for_every_field(browser, owner):
    log_in(browser, "owner")
    answer = browser.get("/programs")
    assert kinds(answer) == {
        "title": "text",
        "subtitle": "text",
        "description": "textarea",
        "program_type": "select",
        "image": "file",
        "image_alt": "text",
        "start_date": "moment",
        "end_date": "moment",
        "is_active": "select",
        "status": "radio",
        "published_at": "moment",
        "slug": "text",
        "tags": "words",
    }
    chosen = [
        c.value for box in answer.context["forms"][0].boxes for c in box.choices if c.is_chosen
    ]
    assert chosen == ["", "true", "published"]


def test_the_form_to_edit_is_filled(browser, owner):
    program = {"title": "Pelatihan", "description": "Isi", "program_type": "training"}
    moments = {"start_date": "2026-03-01T09:00:00Z", "end_date": "2026-03-01T17:30:15.5Z"}
    program_id = owner.client.post("/programs", program | moments).json()["data"]["id"]
    log_in(browser, "owner")
    boxes = {
        b.name: b.value for b in browser.get(f"/programs/{program_id}").context["forms"][0].boxes
    }
    assert boxes | program == boxes
    assert boxes["start_date"] == "2026-03-01T09:00"
    assert boxes["end_date"] == "2026-03-01T17:30:15.500"
    assert boxes["is_active"] == "true"


def test_a_refused_form_comes_back_filled_with_errors_beside_the_boxes(browser, owner):
    log_in(browser, "owner")
    answer = browser.post("/blogs", {"title": "ab", "content": "Isi"})
    assert answer.status_code == 422
    [form] = answer.context["forms"]
    assert form.is_open
    assert {box.name for box in form.boxes if box.errors} == {"title"}
    assert {box.name: box.value for box in form.boxes}["title"] == "ab"
    assert form.errors == []


def test_a_complaint_without_a_box_stands_above_the_form(browser, owner):
    log_in(browser, "owner")
    answer = browser.post("/blogs", {"title": "Catatan", "content": "Isi", "unknown": "x"})
    [form] = answer.context["forms"]
    [error] = form.errors
    assert error.startswith("Unknown: ")
    assert error in page(answer)


def test_a_created_item_is_shown_and_leads_to_its_own_page(browser, owner):
    log_in(browser, "owner")
    answer = browser.post("/blogs", {"title": "Catatan", "content": "Isi"})
    assert answer.status_code == 201
    assert answer["Location"] == answer.context["item_url"]
    assert f'href="{answer["Location"]}"' in page(answer)


def test_boxes_left_empty_are_no_parameters(browser, anyone):
    path = "/programs?search=&created_after=&is_active=&program_type=all"
    assert browser.get(path).status_code == 200
    assert anyone.get(path).status_code == 200


def test_a_page_shows_fewer_items_than_the_api(browser, anyone):
    assert browser.get("/programs").context["meta"]["limit"] == 24
    assert anyone.get("/programs").json()["meta"]["limit"] == 1000


def test_a_page_says_which_items_it_shows(browser):
    RESOURCES["blogs"].store(5)
    for query, said in (
        ("limit=2", "1 sampai 2 dari 5"),
        ("limit=2&skip=4", "5 sampai 5 dari 5"),
        ("limit=9", "5 dari 5"),
        ("skip=9", "0 dari 5"),
        ("count=false", ""),
    ):
        assert f'<p class="count">{said}</p>' in page(browser.get(f"/blogs?{query}")), query


def test_the_page_of_a_cursor_says_what_it_knows(browser, anyone):
    RESOURCES["blogs"].store(3)
    answer = browser.get(anyone.get("/blogs?limit=1").json()["meta"]["next"])
    assert '<p class="count"></p>' in page(answer)
    assert 'rel="next"' in page(answer)
    assert 'rel="prev"' not in page(answer)


def test_a_list_has_boxes_for_what_people_ask(browser, owner):
    def names() -> list[str]:
        return [box.name for box in browser.get("/blogs").context["filters"]]

    public = ["search", "author", "tag", "created_after", "created_before", "ordering"]
    assert names() == public
    log_in(browser, "owner")
    assert names() == public


def test_the_boxes_are_open_where_something_is_chosen(browser, owner):
    log_in(browser, "owner")
    for path in ("/blogs", "/blogs?search=a&state=published&ordering=-published_at&tag="):
        assert not browser.get(path).context["is_narrowed"], path
    for path in ("/blogs?ordering=title", "/blogs?tag=a", "/programs?program_type=seminar"):
        assert browser.get(path).context["is_narrowed"], path


def test_links_stay_under_the_prefix_of_the_request(browser, owner):
    for number in range(3):
        create_blog(owner, title=f"Catatan {number}")
    for prefix in ("", "/api/v1"):
        answer = browser.get(f"{prefix}/blogs?limit=2")
        assert answer.context["crumbs"][0].url == (prefix or "/")
        assert answer.context["cards"][0].url.startswith(f"{prefix}/blogs/")
        assert f'href="{prefix}/blogs?limit=2&amp;skip=2"' in page(answer)


def test_a_version_is_named_below_the_history_and_the_item(browser, owner):
    key = create_blog(owner, title="Panen Raya")
    log_in(browser, "owner")
    context = browser.get(f"/blogs/{key}/revisions/1").context
    assert context["title"] == "Versi 1"
    assert [str(each.label) for each in context["crumbs"][-2:]] == ["Panen Raya", "Riwayat"]


def test_so_is_what_an_earlier_document_was_before_its_first_change(browser, admin):
    blogs = RESOURCES["blogs"]
    key = blogs.collection().insert_one(dict(blogs.body)).inserted_id
    admin.client.patch(f"/blogs/{key}", {"title": "Panen Kedua"})
    log_in(browser, "admin")
    assert browser.get(f"/blogs/{key}/revisions/0").context["title"] == "Versi 0"


def test_forms_for_tokens_are_pages_too(browser):
    answer = browser.get("/auth/login")
    assert answer.status_code == 405
    assert kinds(answer) == {"username": "text", "email": "email", "password": "password"}
    assert answer.context["message"] == ""


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JaVa\nscript:alert(1)", "data:text/html,x"]
)
def test_what_an_earlier_row_holds_is_no_link_where_it_could_run(browser, anyone, address):
    [partner_id] = RESOURCES["partners"].store(website_url=address, logo=address)
    [blog_id] = RESOURCES["blogs"].store(image=address)
    for path in ("/partners", f"/partners/{partner_id}", "/blogs", f"/blogs/{blog_id}"):
        assert "alert(1)" not in page(browser.get(path))
        assert "data:text/html" not in page(browser.get(path))
    shown = anyone.get(f"/partners/{partner_id}").json()["data"]
    assert shown["website_url"] is shown["logo"] is None


def test_an_earlier_address_without_a_scheme_is_shown_and_no_link(browser, anyone):
    [partner_id] = RESOURCES["partners"].store(website_url="mitra.example")
    assert anyone.get(f"/partners/{partner_id}").json()["data"]["website_url"] == "mitra.example"
    text = page(browser.get(f"/partners/{partner_id}"))
    assert "mitra.example" in text
    assert 'href="mitra.example' not in text


def test_an_items_tag_is_for_programs(browser, owner):
    create_blog(owner, title="Catatan")
    [card] = browser.get("/api/v1/blogs").context["cards"]
    item = browser.get(card.url).context["item"]
    assert card.title == item.title() == "Catatan"
    assert "etag" not in {fact.name for fact in (*card.facts, *item.facts())}


@pytest.mark.parametrize("path", ["/blogs/{}", "/blogs/by-slug/{}", "/api/v1/blogs/{}"])
def test_a_link_for_readers_leads_to_the_page_where_no_other_site_shows_it(browser, owner, path):
    blog_id = create_blog(owner, title="Catatan Sawah", status="draft")
    link = owner.client.post(f"/blogs/{blog_id}/preview").json()["data"]["url"]
    query = link.partition("?")[2]
    answer = browser.get(f"{path.format('catatan-sawah')}?{query}")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    assert answer["Location"].startswith(path.partition("/blogs")[0] + "/blogs/")
    assert "Catatan Sawah" in page(browser.get(answer["Location"]))
    # Without the token it is for those who may see it.
    assert browser.get(path.format("catatan-sawah")).status_code in (400, 404)
    log_in(browser, "owner")
    mine = browser.get(path.format("catatan-sawah"), follow=True)
    assert mine.redirect_chain[0][0].endswith(f"/blogs/{blog_id}")
    assert "Catatan Sawah" in page(mine)


def test_an_item_leads_to_its_page_on_the_site_once_the_public_sees_it(browser, owner, settings):
    blog_id = create_blog(owner, title="Catatan Sawah")
    unseen = [
        create_blog(owner, title="Belum Jadi", status="draft"),
        create_blog(owner, title="Belum Waktunya", published_at="2099-01-01T00:00:00Z"),
    ]
    log_in(browser, "owner")
    assert "Lihat di situs" not in page(browser.get(f"/blogs/{blog_id}"))
    settings.SITE_URL, settings.SITE_PATHS = "https://lsa.example", {"blogs": "/kabar/{slug}"}
    shown = page(browser.get(f"/blogs/{blog_id}"))
    assert '<a href="https://lsa.example/kabar/catatan-sawah">Lihat di situs</a>' in shown
    for each in unseen:
        assert "https://lsa.example" not in page(browser.get(f"/blogs/{each}"))


def test_programs_still_hear_that_a_slug_is_no_id(anyone, owner):
    create_blog(owner, title="Catatan Sawah")
    assert anyone.get("/blogs/catatan-sawah").status_code == 400
    assert anyone.get("/blogs/by-slug/catatan-sawah").status_code == 200


def test_a_version_shows_dates_and_choices_whole(browser, owner):
    blog_id = create_blog(owner, status="scheduled", published_at="2099-12-01T02:00:00Z")
    change = {"published_at": "2099-11-26T02:00:00Z"}
    owner.client.patch(f"/blogs/{blog_id}", change, content_type="application/json")
    log_in(browser, "owner")
    shown = page(browser.get(f"/blogs/{blog_id}/revisions/2"))
    assert "<del>1 Des 2099 09:00 WIB</del> <ins>26 Nov 2099 09:00 WIB</ins>" in shown


def test_people_are_called_by_their_names(browser, admin, owner):
    owner.client.patch("/auth/me", {"full_name": "Ani Lestari"}, content_type="application/json")
    log_in(browser, "admin")
    assert "Ani Lestari" in [card.title for card in browser.get("/users").context["cards"]]
    mine = browser.get("/auth/me")
    assert {fact.name for fact in mine.context["item"].facts()} >= {"email", "username"}


def test_what_happened_to_an_item_says_how_much_of_it_is_left(browser, admin):
    for query in ("", "?permanently=true"):
        blog_id = create_blog(admin)
        admin.client.delete(f"/blogs/{blog_id}{query}")
    admin.client.delete(f"/blogs/{create_blog(admin)}")
    [trashed] = admin.client.get("/blogs?state=trashed&limit=1").json()["data"]
    admin.client.delete(f"/blogs/{trashed['id']}?permanently=true")
    log_in(browser, "admin")
    said = [str(line.happened) for line in browser.get("/activity").context["activity"]]
    assert [each for each in said if "sampah" in each or "hapus" in each] == [
        "menghapus selamanya",
        "membuang ke tempat sampah",
        "menghapus selamanya",
        "membuang ke tempat sampah",
    ]


def test_orders_and_buttons_say_what_they_do(browser, admin):
    log_in(browser, "admin")
    blogs = page(browser.get("/blogs"))
    assert "Terbit: terbaru dulu" in blogs
    assert "Judul: A sampai Z" in blogs
    assert "Terbitkan sekarang" in blogs
    assert "Pisahkan dengan koma." in blogs
    assert browser.get("/users").context["forms"][0].button == "Undang seseorang"
    front = page(browser.get("/"))
    assert front.count("#form-post") == len(RESOURCES)


def test_the_first_version_has_a_picture_and_none_before(browser, owner):
    item = RESOURCES["gallery"].create(owner.client)
    log_in(browser, "owner")
    shown = page(browser.get(f"/gallery/{item['id']}/revisions/1"))
    pictures = shown.partition('class="pictures"')[2].partition("</p>")[0]
    assert "<img" in pictures
    assert "→" not in pictures
