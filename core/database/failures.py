"""What an error of the driver says: whether the database is away, and whether a write that
failed may have been carried out all the same.

Codes and labels are those of MongoDB's `error_codes.yml` and of its driver specifications on
retryable writes and transactions. Most codes of a server that steps down or shuts down never come
up here as a code: PyMongo makes `NotPrimaryError`, a lost connection, of them. They do in a write
concern error (the write was carried out, and then the primary went before a majority had it) and
behind a mongos, which reports what it met on its own way to the shard.
"""

import re
from collections.abc import Iterator

import mongoengine
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

AWAY_CODES = frozenset(
    {
        1,  # InternalError: how the embedded database answers after a fault of its own
        6,  # HostUnreachable
        7,  # HostNotFound
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        133,  # FailedToSatisfyReadPreference: a mongos finds no primary
        189,  # PrimarySteppedDown
        202,  # NetworkInterfaceExceededTimeLimit
        262,  # ExceededTimeLimit
        9001,  # SocketException
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
        14031,  # OutOfDiskSpace
    }
)
UNKNOWN_COMMIT, ABORTED = "UnknownTransactionCommitResult", "TransientTransactionError"
AWAY_LABELS = ("RetryableWriteError", UNKNOWN_COMMIT, ABORTED)


# What a probe says of them. The others are told apart in the log.
WORDS = {
    14031: "disk full",  # OutOfDiskSpace
    13: "not allowed",  # Unauthorized: the user may not write here
    18: "not allowed",  # AuthenticationFailed
    20: "read-only",  # IllegalOperation, for instance in a read-only deployment
    189: "no primary",  # PrimarySteppedDown
    10107: "no primary",  # NotWritablePrimary
    13435: "no primary",  # NotPrimaryNoSecondaryOk
    13436: "no primary",  # NotPrimaryOrSecondary
}
# The driver's words where it sees members and none of them takes writes.
NO_PRIMARY = "No primary available for writes"


class DatabaseUnavailableError(Exception):
    """The database cannot be reached; one line without credentials."""


# What the driver may raise, also while a connection is opened; MongoEngine's `save` wraps it.
DATABASE_ERRORS = (PyMongoError, mongoengine.ConnectionFailure, DatabaseUnavailableError)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the error, or one that led to it, means that the database is away."""
    return any(_is_away(each) for each in _chain(error))


def may_have_happened(error: BaseException | None) -> bool:
    """Whether the server may have carried out a write that failed with this error."""
    if isinstance(error, mongoengine.OperationError):  # in which MongoEngine wraps the driver's
        error = error.__context__
    if not isinstance(error, PyMongoError):
        return False
    if error.has_error_label(UNKNOWN_COMMIT):
        return True
    never_sent = isinstance(error, ServerSelectionTimeoutError)
    return _is_away(error) and not never_sent and not error.has_error_label(ABORTED)


def describe(error: Exception) -> str:
    """One of the DATABASE_ERRORS in a short line, less the driver's view of the topology."""
    if isinstance(error, mongoengine.ConnectionFailure):  # in which MongoEngine wraps the cause
        return str(error.__context__)
    if isinstance(error, OperationFailure) and error.details:
        [details] = error.details.get("writeErrors", [])[:1] or [error.details]
        return details.get("errmsg", type(error).__name__)
    return re.split(r" \(configured timeouts|, Timeout: |, full error: ", str(error))[0]


def in_a_word(error: Exception) -> str:
    """What is wrong with the database, for probes: nothing of its address, or what it says."""
    for each in _chain(error):  # a read that was tried again ends as a time-out
        if isinstance(each, NotPrimaryError) or NO_PRIMARY in str(each):
            return "no primary"
        if word := WORDS.get(getattr(each, "code", None)):
            return word
    return "unavailable"


def _is_away(error: BaseException) -> bool:
    if isinstance(error, ConnectionFailure | mongoengine.ConnectionFailure):
        return True
    if isinstance(error, DatabaseUnavailableError | WriteConcernError):
        return True
    if not isinstance(error, PyMongoError):
        return False
    if isinstance(error, BulkWriteError) and error.details.get("writeConcernErrors"):
        return True
    is_labelled = any(error.has_error_label(label) for label in AWAY_LABELS)
    return error.timeout or is_labelled or getattr(error, "code", None) in AWAY_CODES


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
