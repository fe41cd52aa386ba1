"""Changed addresses that whoever changed them did not spread to the end."""

from datetime import timedelta

from bson import ObjectId

from accounts.documents import User
from core.database import leases
from core.times import now

# The request that changes an address spreads it itself, and has mostly done so by then.
GRACE = timedelta(minutes=1)
# Longer than what one person wrote takes.
LEASE_SECONDS = 600


def spread_next() -> bool:
    """Have everything show one changed address; says whether there was one.

    Database errors pass through.
    """
    left = {"address_pending": {"$lt": ObjectId.from_datetime(now() - GRACE)}}
    user = User.collection().find_one(left)
    if user is None:
        return False
    with leases.holding(f"address of {user['_id']}", seconds=LEASE_SECONDS) as is_ours:
        if is_ours:
            User.announce_address(user)
        return is_ours
