"""authlib and requests-oauthlib: log in, refresh, and raise where they are refused."""

import os
from collections.abc import Callable
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import InvalidGrantError, LegacyApplicationClient
from requests_oauthlib import OAuth2Session

# The service under test is on loopback, without TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
URL = os.environ["SERVICE_URL"]
LOGIN, REFRESH = f"{URL}/api/v1/auth/login", f"{URL}/api/v1/auth/refresh"
ME = f"{URL}/api/v1/auth/me"
NAME, PASSWORD = "oauth_clients", "jalan-kenari-17"


def refuses(expected: type[Exception], call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """The call raises the client's own error, with the word of RFC 6749, section 5.2."""
    word = None
    try:
        call(*args, **kwargs)
    except expected as error:
        word = error.error
    assert word == "invalid_grant", word


account = {"email": f"{NAME}@lsa.example", "username": NAME, "password": PASSWORD}
assert requests.post(f"{URL}/api/v1/auth/register", json=account, timeout=60).status_code == 201

for endpoint in (REFRESH, LOGIN):
    authlib = AuthlibSession(token_endpoint_auth_method="none")
    refuses(OAuthError, authlib.fetch_token, LOGIN, username=NAME, password="salah")
    good = authlib.fetch_token(LOGIN, username=NAME, password=PASSWORD)
    assert authlib.get(ME).json()["data"]["username"] == NAME
    renewed = authlib.refresh_token(endpoint, refresh_token=good["refresh_token"])
    assert renewed["refresh_token"] != good["refresh_token"]
    refuses(OAuthError, authlib.refresh_token, endpoint, refresh_token="nonsense")
    # What was refused did not take the place of what was good.
    assert authlib.get(ME).json()["data"]["username"] == NAME

    session = OAuth2Session(client=LegacyApplicationClient(client_id=""))
    refuses(InvalidGrantError, session.fetch_token, LOGIN, username=NAME, password="salah")
    good = session.fetch_token(LOGIN, username=NAME, password=PASSWORD)
    assert session.get(ME).json()["data"]["username"] == NAME
    renewed = session.refresh_token(endpoint, refresh_token=good["refresh_token"])
    assert renewed["refresh_token"] != good["refresh_token"]
    refuses(InvalidGrantError, session.refresh_token, endpoint, refresh_token="nonsense")
    assert session.get(ME).json()["data"]["username"] == NAME
