"""Bounds on headers whose readers take more than their share of time."""

from io import BytesIO

import pytest

from core.api.headers import MAX_COOKIE
from lsa_site import wsgi


def test_cookies_that_are_too_large_are_refused_before_they_are_read(anyone):
    """Unquoting these would take minutes."""
    response = anyone.get("/blogs", HTTP_COOKIE='a="' + "\\" * 400_000 + '"')
    assert response.status_code == 431
    assert response.json()["meta"]["code"] == "header_too_large"
    assert response["X-Request-ID"] == response.json()["meta"]["request_id"]


def test_cookies_of_the_largest_size_are_taken(anyone):
    assert anyone.get("/blogs", HTTP_COOKIE="a=" + "x" * (MAX_COOKIE - 2)).status_code == 200


@pytest.mark.parametrize(
    "parameters", ['; boundary="' + ";" * 400_000, ";" * 400_000, ";a=b" * 500]
)
def test_a_media_type_with_too_many_parameters_is_not_read(parameters):
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/auth/login",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": f"multipart/form-data{parameters}",
        "CONTENT_LENGTH": "1",
        "wsgi.input": BytesIO(b"x"),
        "wsgi.url_scheme": "http",
    }
    statuses = []
    wsgi.application(environ, lambda status, headers: statuses.append(status))
    assert statuses == ["415 Unsupported Media Type"]
