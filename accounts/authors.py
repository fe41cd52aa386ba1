"""Names and addresses of authors that whoever changed them did not spread to the end."""

from datetime import timedelta

from bson import ObjectId

from accounts.documents import User
from core.database import leases
from core.times import now

# The request that changes them spreads them itself, and has mostly done so by then.
GRACE = timedelta(minutes=1)
# Longer than what one person wrote takes.
LEASE_SECONDS = 600


def spread_next() -> bool:
    """Have everything show one changed author; says whether there was one.

    Database errors pass through.
    """
    left = {"author_pending": {"$lt": ObjectId.from_datetime(now() - GRACE)}}
    user = User.collection().find_one(left)
    if user is None:
        return False
    with leases.holding(f"author {user['_id']}", seconds=LEASE_SECONDS) as is_ours:
        if is_ours:
            User.announce_author(user)
        return is_ours
