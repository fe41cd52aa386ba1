"""Rate limits: what counts, for whom, and what is said about it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.test import RequestFactory
from pymongo.errors import AutoReconnect, OperationFailure

from conftest import PASSWORD
from core.client_address import client_network
from core.database.counters import RateLimitCounter, count
from core.environment import Rate
from core.times import now

API = "/api/v1"
TWO_A_MINUTE = Rate(2, 60)


@pytest.fixture
def limits(settings):
    """A function that sets limits; those it does not name are off."""

    def set_limits(**rates):
        settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS) | rates

    return set_limits


def log_in(client, **extra):
    body = {"username": "nobody", "password": PASSWORD}
    return client.post(f"{API}/auth/login", body, format="json", **extra)


def reset(client, **extra):
    return client.post(f"{API}/auth/password/reset", {"email": "x@lsa.example"}, **extra)


def register(client, **extra):
    return client.post(f"{API}/auth/register", {}, **extra)


def confirm(client, **extra):
    return client.post(f"{API}/auth/password/reset/confirm", {}, **extra)


# --- What is said ------------------------------------------------------------------------


def test_answers_say_what_is_left(anyone, limits):
    limits(auth=TWO_A_MINUTE)
    answers = [log_in(anyone) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert [answer["RateLimit-Limit"] for answer in answers] == ["2", "2", "2"]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert all(0 < int(answer["RateLimit-Reset"]) <= 60 for answer in answers)


def test_a_refusal_says_when_to_come_back(anyone, limits):
    limits(auth=Rate(1, 60))
    log_in(anyone)
    response = log_in(anyone)
    assert response.status_code == 429
    assert response.json()["meta"]["code"] == "too_many_requests"
    assert response["Retry-After"] == response["RateLimit-Reset"]
    assert 58 <= int(response["Retry-After"]) <= 60


def test_the_tighter_of_two_limits_is_shown(anyone, limits):
    limits(auth=Rate(9, 60), write=Rate(5, 60))
    assert log_in(anyone)["RateLimit-Limit"] == "5"
    limits(auth=Rate(3, 60), write=Rate(5, 60))
    assert log_in(anyone)["RateLimit-Limit"] == "3"


def test_without_a_limit_nothing_is_said(anyone, limits):
    limits()
    response = log_in(anyone)
    assert not any(name.startswith("RateLimit") for name in response.headers)
    assert anyone.get(f"{API}/blogs").status_code == 200


def test_a_faulty_request_counts_too(anyone, limits):
    limits(auth=Rate(1, 60))
    assert [register(anyone).status_code for _ in range(2)] == [422, 429]


# --- What counts -------------------------------------------------------------------------


def test_registering_login_and_reset_share_one_count(anyone, limits):
    limits(auth=Rate(4, 60))
    answers = [call(anyone).status_code for call in (register, log_in, reset, confirm)]
    assert answers == [422, 401, 202, 422]
    for call in (register, log_in, reset, confirm):
        assert call(anyone).status_code == 429


def test_writes_have_a_limit_of_their_own(owner, limits):
    limits(write=TWO_A_MINUTE)
    body = {"title": "A title", "content": "text"}
    answers = [owner.client.post(f"{API}/blogs", body).status_code for _ in range(3)]
    assert answers == [201, 201, 429]
    assert owner.client.get(f"{API}/blogs").status_code == 200


def test_reads_are_limited_where_it_is_asked_for(anyone, limits):
    limits(read=TWO_A_MINUTE)
    answers = [anyone.get(f"{API}/blogs") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Remaining"] == "1"
    assert log_in(anyone).status_code == 401


def test_the_form_for_people_counts_as_a_login(client, anyone, limits):
    limits(auth=Rate(1, 60))
    log_in(anyone)
    response = client.post("/login", {"username": "nobody", "password": PASSWORD})
    assert response.status_code == 429
    assert response["Retry-After"]


def test_a_window_closes_and_another_opens(anyone, limits):
    limits(auth=Rate(1, 60))
    assert [log_in(anyone).status_code for _ in range(2)] == [401, 429]
    # As after a minute, before the database has swept the counter away.
    RateLimitCounter.collection().update_many({}, {"$set": {"expires_at": now()}})
    assert [log_in(anyone).status_code for _ in range(2)] == [401, 429]
    assert RateLimitCounter.collection().find_one({"_id": {"$regex": "^auth"}})["count"] == 2


def test_the_database_sweeps_counters_that_are_over():
    indexes = RateLimitCounter.collection().index_information().values()
    assert [list(i["key"]) for i in indexes if i.get("expireAfterSeconds") == 0] == [
        [("expires_at", 1)]
    ]


@pytest.mark.wire
@pytest.mark.parametrize("over", [False, True])
def test_no_use_is_lost_side_by_side(over):
    if over:
        old = {"_id": "x", "count": 99, "expires_at": now() - timedelta(seconds=1)}
        RateLimitCounter.collection().insert_one(old)
    with ThreadPoolExecutor(8) as pool:
        usages = list(pool.map(lambda _: count("x", Rate(10, 60)), range(24)))
    assert RateLimitCounter.collection().find_one({"_id": "x"})["count"] == 24
    assert Counter(usage.exceeded for usage in usages) == {False: 10, True: 14}
    assert sorted(usage.remaining for usage in usages) == [0] * 15 + list(range(1, 10))


# --- For whom ----------------------------------------------------------------------------


@pytest.fixture
def proxies(settings):
    """A function that sets how many proxies are trusted."""

    def trust(number):
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": number}

    return trust


def address(remote="192.0.2.1", **headers) -> str:
    return client_network(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, not an address", "unknown"),
        (1, "", "unknown"),
    ],
)
def test_forwarded_addresses_count_as_far_as_proxies_are_trusted(
    proxies, trusted, forwarded, expected
):
    proxies(trusted)
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert address(**headers) == expected


def test_other_headers_that_name_an_address_count_for_nothing(proxies):
    proxies(0)
    forged = dict.fromkeys(
        ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_X_CLIENT_IP"), "6.6.6.6"
    )
    assert address(**forged) == "192.0.2.1"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        ("", "unknown"),
    ],
)
def test_a_network_of_ipv6_is_one_customer(remote, expected):
    assert address(remote) == expected


def test_a_forged_header_does_not_open_a_new_count(anyone, limits, proxies):
    limits(auth=Rate(1, 60))
    proxies(0)
    forged = [log_in(anyone, HTTP_X_FORWARDED_FOR=f"6.6.6.{n}").status_code for n in range(3)]
    assert forged == [401, 429, 429]
    assert log_in(anyone, REMOTE_ADDR="192.0.2.7").status_code == 401


def test_behind_a_proxy_each_client_has_a_count(anyone, limits, proxies):
    limits(auth=Rate(1, 60))
    proxies(1)
    forwarded = ("203.0.113.1", "203.0.113.2", "6.6.6.6, 203.0.113.1")
    answers = [log_in(anyone, HTTP_X_FORWARDED_FOR=each).status_code for each in forwarded]
    assert answers == [401, 401, 429]


# --- When the count is away --------------------------------------------------------------


@pytest.fixture(params=[AutoReconnect("gone"), OperationFailure("not allowed")])
def away(request, monkeypatch):
    """The counters cannot be reached, everything else can."""

    class Away:
        def __getattr__(self, name):
            raise request.param

    monkeypatch.setattr(RateLimitCounter, "collection", Away)
    return request.param


def test_reads_go_on(anyone, limits, away):
    limits(read=TWO_A_MINUTE)
    for _ in range(3):
        assert anyone.get(f"{API}/blogs").status_code == 200


def test_writes_and_logins_do_not(anyone, owner, limits, away):
    limits(write=TWO_A_MINUTE, auth=TWO_A_MINUTE)
    expected = 503 if isinstance(away, AutoReconnect) else 500
    body = {"title": "A title", "content": "text"}
    assert owner.client.post(f"{API}/blogs", body).status_code == expected
    for call in (register, log_in, reset, confirm):
        assert call(anyone).status_code == expected


def test_a_login_needs_its_own_count_too(anyone, owner, limits, away):
    limits()
    body = {"username": "owner", "password": PASSWORD}
    response = anyone.post(f"{API}/auth/login", body, format="json")
    assert response.status_code >= 500
    if isinstance(away, AutoReconnect):
        assert response.json()["meta"]["code"] == "database_unavailable"
        assert response["Retry-After"]
