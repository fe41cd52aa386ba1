"""Whether what was read a while ago is still what the database holds.

Nothing is known of the database here: `core.database.changes` tells what happens there.
"""

import threading
import time
from collections.abc import Iterable

# Changes were heard of until at most so long ago, or nothing is known to be fresh.
PROOF_SECONDS = 2.0
# Names of collections that are remembered; more are taken for a change of everything.
COLLECTIONS = 1000


class Freshness:
    """A clock that ticks with every change, and the tick at which each collection changed.

    Told of changes by any thread. A tick that was taken before a query, and that no change of
    its collections has followed, proves that the answer to the query is still right: a change
    that was heard of before the tick was in the database before the query.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tick = 0
        self._changed: dict[str, int] = {}
        # What was taken before it is not fresh, whatever it depends on.
        self._floor = 0
        self._proved_until = 0.0

    # --- Asked by the front ------------------------------------------------------------

    def take(self) -> int | None:
        """The tick to hold a query's answer against later; None where nothing can be proved."""
        return self._tick if self._is_proved() else None

    def holds(self, taken: int | None, collections: Iterable[str]) -> bool:
        """Whether what was asked of these collections after the tick was taken is still right."""
        if taken is None or taken < self._floor or not self._is_proved():
            return False
        return all(self._changed.get(name, 0) <= taken for name in collections)

    def _is_proved(self) -> bool:
        return time.monotonic() < self._proved_until

    # --- Told by the database's side ---------------------------------------------------

    def changed(self, collection: str | None) -> None:
        """Something in the collection may have changed; None: in any of them."""
        with self._lock:
            self._tick += 1
            if collection is None or len(self._changed) >= COLLECTIONS:
                self._forget()
            else:
                self._changed[collection] = self._tick

    def proved(self, moment: float) -> None:
        """All changes until this moment (`time.monotonic`) have been told."""
        with self._lock:
            if not self._is_proved():
                self._tick += 1
                self._forget()
            self._proved_until = moment + PROOF_SECONDS

    def lost(self) -> None:
        """Changes may have gone unheard, and may do so until the next proof."""
        with self._lock:
            self._proved_until = 0.0
            self._tick += 1
            self._forget()

    def _forget(self) -> None:
        self._floor = self._tick
        self._changed.clear()
