"""A database server that is told to fail, as MongoDB's drivers test themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from pymongo import MongoClient
from pymongo.errors import OperationFailure

FAIL_POINT = {"configureFailPoint": "failCommand"}


@contextmanager
def failing(*commands: str, times: int | None = None, **how: Any) -> Iterator[None]:
    """These commands fail, so many times or as long as it lasts, in the way that `failCommand`
    describes: `errorCode`, `errorLabels`, `closeConnection`, or `writeConcernError`, where the
    command is carried out first. Skips the test where the server cannot be told."""
    mode = "alwaysOn" if times is None else {"times": times}
    data = {"failCommands": list(commands), **how}
    # Not the client that is to meet the failure, which thinks that its server is gone.
    with MongoClient(settings.MONGODB_URL) as control:
        try:
            control.admin.command(FAIL_POINT | {"mode": mode, "data": data})
        except OperationFailure as error:
            pytest.skip(f"the server cannot be told to fail: {error}")
        try:
            yield
        finally:
            control.admin.command(FAIL_POINT | {"mode": "off"})
            end_transactions(control)


def end_transactions(client: MongoClient) -> None:
    """End those too whose commit never came: for a minute they would hold their documents, and
    what all others are to see, and the server would take ten times as long."""
    client.admin.command("killAllSessions", [])
