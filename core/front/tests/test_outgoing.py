"""Answers that clients take slowly: whole, bounded in memory, and not for ever."""

import asyncio
from typing import Any

import pytest

from core.errors import Busy
from core.front.answers import Answer
from core.front.outgoing import PIECE, Outgoing

START = {"type": "http.response.start", "status": 200, "headers": []}
SMALL, LARGE = Answer(START, bytes(PIECE)), Answer(START, bytes(range(256)) * 1024)


class Client:
    """Takes some pieces of an answer, and then nothing."""

    def __init__(self, pieces: int = 1000) -> None:
        self.pieces = pieces
        self.taken: list[dict[str, Any]] = []

    async def __call__(self, message: dict[str, Any]) -> None:
        if len(self.taken) == self.pieces:
            await asyncio.Event().wait()
        self.taken.append(message)

    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.taken)


@pytest.mark.parametrize("answer", [SMALL, LARGE], ids=["small", "large"])
def test_an_answer_arrives_whole_and_gives_its_room_back(answer):
    outgoing, client = Outgoing(5, room=len(LARGE.body)), Client()
    for _ in range(2):
        outgoing.admit(answer)
        asyncio.run(outgoing.deliver(answer, client))
    assert client.body() == answer.body * 2
    assert client.taken[0] == START
    assert not client.taken[-1].get("more_body")


def test_while_large_ones_wait_no_more_are_admitted_but_small_ones_are():
    async def send() -> None:
        outgoing = Outgoing(5, room=len(LARGE.body))
        waiting = asyncio.create_task(outgoing.deliver(LARGE, Client(2)))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            outgoing.admit(LARGE)
        outgoing.admit(SMALL)
        waiting.cancel()
        await asyncio.wait([waiting])
        outgoing.admit(LARGE)

    asyncio.run(send())


def test_who_takes_nothing_any_more_is_left_and_gives_the_room_back():
    outgoing, client = Outgoing(0.01, room=len(LARGE.body)), Client(3)
    asyncio.run(outgoing.deliver(LARGE, client))
    assert client.body() == LARGE.body[: 2 * PIECE]
    assert client.taken[-1]["more_body"]
    outgoing.admit(LARGE)
