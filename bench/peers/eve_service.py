"""The same list on Eve, whose resources are settings."""

import os

from eve import Eve

application = Eve(
    settings={
        "MONGO_URI": os.environ["PEER_MONGODB_URL"],
        "MONGO_DBNAME": "lsa",
        "DOMAIN": {
            "blogs": {
                "schema": {
                    "title": {"type": "string"},
                    "content": {"type": "string"},
                    "author": {"type": "string"},
                    "image": {"type": "string"},
                    "created_at": {"type": "datetime"},
                    "updated_at": {"type": "datetime"},
                },
                "default_sort": [("created_at", -1)],
            }
        },
        "PAGINATION_DEFAULT": 10,
        "RENDERERS": ["eve.render.JSONRenderer"],
    }
)
