"""What every answer tells browsers not to do with it."""

import pytest
from django.http import HttpRequest, HttpResponse

from content.tests.resources import RESOURCES
from lsa_site.middleware import SecurityHeadersMiddleware

DATA = ["/blogs", "/nothing", "/auth/me", "/health/live", "/openapi.json"]
PAGES = ["/docs", "/redoc", "/login", "/password-reset", "/invitation"]
HTML = {"HTTP_ACCEPT": "text/html"}


def shown_by_a_view() -> HttpResponse:
    """Any page, as it leaves."""
    view = SecurityHeadersMiddleware(lambda _: HttpResponse(content_type="text/html"))
    return view(HttpRequest())


def policy(response) -> dict[str, list[str]]:
    """The content security policy by directive."""
    directives = response["Content-Security-Policy"].split(";")
    return {name: sources for name, *sources in map(str.split, directives)}


@pytest.mark.parametrize("path", [*DATA, *PAGES, "/static/drf_spectacular_sidecar/redoc/LICENSE"])
def test_no_answer_is_framed_or_guessed_at(anyone, path):
    response = anyone.get(path)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert policy(response)["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("path", DATA)
def test_data_loads_nothing(anyone, path):
    directives = policy(anyone.get(path))
    assert directives["default-src"] == directives["form-action"] == ["'none'"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_scripts_of_this_service_only(anyone, path):
    directives = policy(anyone.get(path, **HTML))
    assert directives["default-src"] == ["'self'"]
    assert "script-src" not in directives
    assert ("style-src" in directives) is (path in ("/docs", "/redoc"))
    assert directives["object-src"] == directives["base-uri"] == ["'none'"]
    assert directives["form-action"] == ["'self'"]


@pytest.mark.parametrize("path", ["/", "/blogs", "/nothing-at-all", "/blogs/x"])
def test_what_a_browser_opens_is_held_to_the_same(anyone, path):
    response = anyone.get(path, **HTML)
    is_page = response["Content-Type"].startswith("text/html")
    assert policy(response)["default-src"] == (["'self'"] if is_page else ["'none'"])


def test_a_picture_is_shown_everywhere_and_runs_nothing(anyone, owner):
    item = RESOURCES["gallery"].create(owner.client)
    response = anyone.get(item["image"])
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in policy(response)


def test_tls_is_remembered_where_it_is_required(anyone, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    secure = anyone.get("/blogs", secure=True)
    assert secure.status_code == 200
    assert secure["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_promises_no_tls(anyone):
    assert "Strict-Transport-Security" not in anyone.get("/blogs")


def test_no_answer_names_what_serves_it(anyone):
    response = anyone.get("/blogs")
    assert not {"Server", "X-Powered-By"} & set(response.headers)


@pytest.mark.parametrize(
    ("media", "allowed"),
    [
        ("/media/", None),
        ("https://cdn.lsa.example/m/", "https://cdn.lsa.example"),
        ("http://media.lsa.example:9000/m/", "http://media.lsa.example:9000"),
    ],
)
def test_a_page_may_show_pictures_from_where_they_are_served_only(settings, media, allowed):
    settings.MEDIA_URL = media
    page = shown_by_a_view()
    assert policy(page)["img-src"] == ["'self'", "data:", "blob:", *([allowed] if allowed else [])]


def test_and_from_the_public_address_where_they_are_full_urls(settings):
    settings.MEDIA_ORIGIN = "https://lsa.example"
    page = shown_by_a_view()
    assert policy(page)["img-src"] == ["'self'", "data:", "blob:", "https://lsa.example"]
