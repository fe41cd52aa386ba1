"""Counting uses, cheaply."""

import pytest

from core.database import connection
from core.database.counters import count, forget, forget_all
from core.database.tests.commands import sent_commands
from core.environment import Rate


@pytest.mark.wire
def test_a_count_does_not_wait_for_a_majority(database):
    connection.disconnect()  # the driver takes listeners when it connects
    with sent_commands("findAndModify", "insert", "delete") as commands:
        for _ in range(2):
            count("key", Rate(5, 60))
        forget("key")
        forget_all("k")
    names = [next(iter(command)) for command in commands]
    assert names == ["findAndModify", "insert", "findAndModify", "delete", "delete"]
    assert [command["writeConcern"] for command in commands] == [{"w": 1}] * 5
