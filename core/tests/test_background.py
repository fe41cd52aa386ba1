"""Work that goes on after the answer."""

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from core.background import run_later
from core.request_id import RequestIdMiddleware, current_request_id


def test_work_is_done_in_order():
    done = []
    futures = [run_later(done.append, number) for number in range(5)]
    futures[-1].result(timeout=10)
    assert done == [0, 1, 2, 3, 4]


def test_it_runs_under_the_id_of_its_request():
    seen, futures = [], []

    def view(request):
        futures.append(run_later(lambda: seen.append(current_request_id())))
        return HttpResponse()

    request = RequestFactory().get("/", headers={"X-Request-ID": "the-request"})
    RequestIdMiddleware(view)(request)
    assert current_request_id() == "-"
    futures[0].result(timeout=10)
    assert seen == ["the-request"]


def test_a_failure_is_logged_and_the_next_work_is_done(caplog):
    def fail():
        raise RuntimeError("no mail server")

    done = []
    run_later(fail)
    run_later(done.append, 1).result(timeout=10)
    assert done == [1]
    assert "no mail server" in caplog.text


def test_the_language_of_the_request_does_not_change_for_others():
    with translation.override("en"):
        run_later(translation.activate, "id").result(timeout=10)
        assert translation.get_language() == "en"
