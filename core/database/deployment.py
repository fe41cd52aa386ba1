"""What the database's address and its own account of itself mean for this service."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pymongo import MongoClient

from core.database import embedded

STALE_READS = ("majority", "linearizable", "snapshot")


class Concern(NamedTuple):
    """One sentence for the operator; `breaks` where the service cannot keep what it promises."""

    text: str
    breaks: bool = True


def concerns(client: Any) -> list[Concern]:
    """What is wrong with how the database is deployed and asked. Database errors pass through."""
    # Neither the embedded database nor mongomock has an address that an operator chose.
    if embedded.is_embedded() or not isinstance(client, MongoClient):
        return []
    hello = client.admin.command("hello")
    return [*_of_topology(client, hello), *_of_writing(client, hello), *_of_reading(client)]


def is_replicated(hello: dict[str, Any]) -> bool:
    """Whether a member of a replica set, or a mongos, said this of itself."""
    return "setName" in hello or hello.get("msg") == "isdbgrid"


def _of_topology(client: MongoClient, hello: dict[str, Any]) -> Iterator[Concern]:
    if not is_replicated(hello):
        yield Concern(
            "the server stands alone, so there are no transactions and no change streams: "
            "start it as a replica set, also with one node"
        )
    elif "setName" in hello and client.topology_description.topology_type_name == "Single":
        yield Concern(
            "directConnection=true: after a step-down this would stay with a server that takes "
            "no writes; name the members and the replicaSet instead"
        )
    if hello.get("arbiters"):
        yield Concern(
            "the replica set has an arbiter, which holds no data: with one other member down, "
            "nothing can be written with w=majority; a third data-bearing member is better",
            breaks=False,
        )


def _of_writing(client: MongoClient, hello: dict[str, Any]) -> Iterator[Concern]:
    wanted = client.write_concern.document
    if wanted.get("w") == 1 or (hello.get("arbiters") and "w" not in wanted):
        yield Concern(
            "w=1, or the default of a set with an arbiter: what was acknowledged can be lost "
            "when a primary fails; say w=majority"
        )
    if wanted.get("j") is False:
        yield Concern("journal=false: what was acknowledged can be lost when a server fails")
    if not client.options.retry_writes:
        yield Concern("retryWrites=false: every step-down fails writes that would have passed")


def _of_reading(client: MongoClient) -> Iterator[Concern]:
    level = client.read_concern.level
    if level in STALE_READS:
        yield Concern(
            f"readConcernLevel={level}: a change would be checked against an older state "
            "than the one it is written to"
        )
