"""Several writes as one, also where the answer to the commit is lost."""

import pytest
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure, PyMongoError

from content.documents import Blog
from content.pictures import storage
from content.pictures.documents import FileCheck
from content.pictures.tests.media import photograph
from content.tests.resources import RESOURCES
from core.database.failures import is_unavailable, may_have_happened
from core.database.transactions import in_transaction
from core.events import Event

pytestmark = pytest.mark.wire
NO_SUCH_TRANSACTION = 251


@pytest.fixture
def forgotten_commits(database, monkeypatch):
    """Each commit is carried out and then not known any more, as after a kill of the server."""
    commit = ClientSession.commit_transaction

    def forget(session):
        commit(session)
        labels = {"errorLabels": ["TransientTransactionError"]}
        raise OperationFailure("no such transaction", NO_SUCH_TRANSACTION, labels)

    monkeypatch.setattr(ClientSession, "commit_transaction", forget)


def test_what_may_have_been_committed_is_not_done_again(forgotten_commits):
    def work(transaction):
        Blog.collection().insert_one({"title": "Kabar"}, session=transaction)

    with pytest.raises(PyMongoError) as raised:
        in_transaction(work)
    assert is_unavailable(raised.value)
    assert may_have_happened(raised.value)
    assert Blog.collection().count_documents({}) == 1


def test_a_new_item_whose_commit_is_in_doubt_is_there_once_with_its_files(owner, forgotten_commits):
    answer = RESOURCES["blogs"].post(owner.client, image=photograph())
    assert answer.status_code == 503
    assert "Retry-After" in answer
    [raw] = Blog.collection().find()
    assert storage.read(raw["image"])
    assert FileCheck.collection().count_documents({}) == 1  # for the worker to look at
    assert Event.collection().count_documents({"object_id": raw["_id"]}) == 2
