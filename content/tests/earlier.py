"""A database as the earlier service left it, written with its shapes and not with ours."""

from datetime import datetime, timedelta
from typing import Any

import bcrypt
from bson import ObjectId

from accounts.documents import User
from content.documents import Blog, Partner, Photo, Program
from content.pictures.tests import corpus
from content.pictures.tests.media import put

PASSWORD = "jalan-kenari-17"
# It took twelve rounds; any number but ours reads alike, and five are quick to log in with.
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(5)).decode()
# The earlier service wrote datetime.utcnow(): UTC without a time zone.
START = datetime(2023, 3, 1, 8, 30, 15, 123000)

SARI, BUDI, BUDI_AGAIN, DEWI = (
    ObjectId.from_datetime(START + timedelta(days=day)) for day in range(4)
)
SHARED = "/static/uploads/20230305_101500_bersama.jpg"
LOGO = "/static/uploads/20230306_090000_logo.png"
PHOTO = "/static/uploads/20230307_090000_pasar.jpg"


def insert() -> None:
    """Everything the earlier service had, into what is empty."""
    User.collection().insert_many(users())
    Program.collection().insert_many(programs())
    Blog.collection().insert_many(blogs())
    Photo.collection().insert_many(photos())
    Partner.collection().insert_many(partners())
    for stored in (SHARED, PHOTO):
        put(stored.rpartition("/")[2], corpus.jpeg(700, 400))
    put(LOGO.rpartition("/")[2], corpus.png(200, 200))


def users() -> list[dict[str, Any]]:
    """Dewi's account was made by the administration, the others registered themselves."""
    return [
        _user(SARI, "sari@lsa.example", "sari"),
        _user(BUDI, "budi@lsa.example", "Budi"),
        _user(BUDI_AGAIN, "budi.lain@lsa.example", "budi"),
        _user(DEWI, "dewi@lsa.example", "dewi", is_admin=True, created_at=START),
    ]


def _user(id: ObjectId, email: str, username: str, **more: Any) -> dict[str, Any]:
    names = {"email": email, "username": username, "full_name": username.title()}
    return {"_id": id, **names, "password": HASH, "is_active": True, **more}


def programs() -> list[dict[str, Any]]:
    return [
        {
            "title": "Kelas menulis",
            "subtitle": "Untuk pemula",
            "description": "Menulis esai pendek.",
            "image": SHARED,
            "created_at": START,
        },
        # A title that would be too short today, and fields that nobody knows any more.
        {
            "title": "UI",
            "subtitle": "",
            "description": "Kunjungan ke kampus.",
            "image": None,
            "created_at": START + timedelta(days=1),
            "slug": "ui",
            "views": 12,
            "tags": ["kampus", {"name": "kunjungan"}],
        },
    ]


def blogs() -> list[dict[str, Any]]:
    return [
        {
            "title": "Catatan Sari",
            "content": "Hari pertama di desa.",
            "image": SHARED,
            "author": "sari@lsa.example",
            "created_at": START,
            "updated_at": START + timedelta(hours=1),
        },
        {
            "title": "Tulisan yang ditinggalkan",
            "content": "Penulisnya sudah pergi.",
            "author": "pergi@lsa.example",
            "created_at": START + timedelta(days=1),
        },
    ]


def photos() -> list[dict[str, Any]]:
    return [
        {
            "title": "Pasar",
            "description": "Pagi hari.",
            "image": PHOTO,
            "author": "budi@lsa.example",
            "created_at": START,
        },
        {"image": "/static/uploads/hilang.jpg", "author": "sari@lsa.example"},
    ]


def partners() -> list[dict[str, Any]]:
    return [
        {
            "name": "Yayasan Lama",
            "description": "Mitra",
            "website_url": "https://lama.example",
            "logo": LOGO,
            "author": "dewi@lsa.example",
            "created_at": START,
        }
    ]
