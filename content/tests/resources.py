"""The four resources as tests see them: what each calls its parts, and how to make some."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from content.documents import Blog, ContentDocument, Partner, Photo, Program
from content.pictures.documents import picture_fields
from content.pictures.tests import corpus
from content.publishing import states

START = datetime(2024, 1, 1, tzinfo=UTC)
PIECE = 200
JSON = {"format": "json"}
FORM = {"format": "multipart"}


class Resource(NamedTuple):
    """`body` holds the fields that POST needs, less the picture."""

    name: str
    document: type[ContentDocument]
    body: dict[str, Any]
    # What is shown besides, and may be left out.
    optional: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name of the short text."""
        return self.listing.searched[0]

    @property
    def text(self) -> str:
        """The name of the long text."""
        return self.listing.searched[-1]

    @property
    def picture(self) -> str:
        """The name of the file."""
        [name] = picture_fields(self.document)
        return name

    @property
    def about_picture(self) -> tuple[str, str]:
        """The names of what is said of it."""
        return f"{self.picture}_alt", f"{self.picture}_meta"

    @property
    def html(self) -> str:
        """The name of the long text as it is shown."""
        return f"{self.text}_html"

    @property
    def needs_picture(self) -> bool:
        return self.document.declared_fields()[self.picture].required

    @property
    def required(self) -> set[str]:
        """The names of the fields that a new item must bring."""
        brought = {*self.body, self.picture}
        declared = self.document.declared_fields()
        return {name for name in brought if declared[name].required}

    @property
    def url(self) -> str:
        return f"/api/v1/{self.name}"

    @property
    def listing(self) -> Any:
        return self.document.LISTING

    def item(self, id: Any) -> str:
        return f"{self.url}/{id}"

    def collection(self) -> Any:
        return self.document.collection()

    def form(self, **changes: Any) -> dict[str, Any]:
        """What a form sends: the body, and a new picture where one is needed."""
        files = {self.picture: picture()} if self.needs_picture else {}
        return {k: v for k, v in (self.body | files | changes).items() if v is not None}

    def post(self, client: APIClient, **changes: Any) -> Any:
        return client.post(self.url, self.form(**changes), **FORM)

    def create(self, client: APIClient, **changes: Any) -> dict[str, Any]:
        response = self.post(client, **changes)
        assert response.status_code == 201, response.content
        return response.json()["data"]

    def store(self, number: int = 1, **fields: Any) -> list[Any]:
        """Put documents straight into the database, each a minute newer; gives their ids."""
        raws = [self.raw(index, **fields) for index in range(number)]
        # In pieces: on a busy machine the embedded server takes seconds for a thousand.
        pieces = (raws[i : i + PIECE] for i in range(0, len(raws), PIECE))
        return [
            key for piece in pieces for key in self.collection().insert_many(piece).inserted_ids
        ]

    def raw(self, index: int = 0, **fields: Any) -> dict[str, Any]:
        """A document as it is stored."""
        moment = START + timedelta(minutes=index)
        raw = self.body | {self.title: f"Judul {index:04}"}
        raw |= {self.picture: "uploads/shared.png"} if self.needs_picture else {}
        raw |= {"author": "owner@lsa.example", "author_id": None, "version": 1}
        raw |= {"created_at": moment, "updated_at": moment} | fields
        raw = {"author_name": "Owner", "status": "published"} | raw
        raw = {"published_at": raw["created_at"]} | raw
        return self.document.derived(raw) | {"visible_from": states.visible_from(raw)} | raw


RESOURCES = {
    resource.name: resource
    for resource in (
        Resource(
            "programs",
            Program,
            {
                "title": "Pelatihan menulis",
                "description": "Menulis untuk umum.",
                "program_type": "workshop",
            },
            optional=("subtitle", "start_date", "end_date", "is_active"),
        ),
        Resource("blogs", Blog, {"title": "Kabar kota", "content": "Hari ini hujan."}),
        Resource("gallery", Photo, {"title": "Pasar pagi", "description": "Pedagang sayur."}),
        Resource(
            "partners",
            Partner,
            {
                "name": "Yayasan Kenari",
                "description": "Sebuah yayasan pendidikan.",
                "website_url": "https://kenari.example/",
            },
        ),
    )
}


def cases(*telling: str) -> list[Any]:
    """For a fixture: each resource, of which only these tell something that others do not. The
    deep run asks all."""
    return [
        pytest.param(each, id=name, marks=[] if name in telling else [pytest.mark.deep])
        for name, each in RESOURCES.items()
    ]


def listed(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a list shows it: without its text as HTML."""
    return {name: value for name, value in item.items() if not name.endswith("_html")}


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("foto.png", corpus.png(8, 8), content_type="image/png")


def titles(response: Any, resource: Resource) -> list[str]:
    return [item[resource.title] for item in response.json()["data"]]


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]
