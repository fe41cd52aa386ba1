"""What requests and answers about content look like, for the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

MULTIPART = "multipart/form-data"
ID = "665f1c2ab3d4e5f60718293a"
FILE = "/media/uploads/20260131_090000_7a2c0aebe5f35f0e.jpg"
META = {
    "width": 1680,
    "height": 1120,
    "format": "jpeg",
    "size": 156311,
    "animated": False,
    "placeholder": "data:image/webp;base64,UklGRjYAAABXRUJQVlA4…",
    "renditions": [{"url": f"{FILE}.bfeaeaf5.320.webp", "width": 320, "height": 213}],
    "srcset": f"{FILE}.bfeaeaf5.320.webp 320w",
}
PUBLISHING = {
    "status": "published",
    "published_at": "2026-01-31T09:00:00.000Z",
    "slug": "data-terbuka",
    "tags": ["Data terbuka", "Warga"],
}
STAMPS = {
    "author": "budi@lsa.example",
    "author_name": "Budi Santoso",
    "created_at": "2026-01-31T09:00:00.000Z",
    "updated_at": "2026-01-31T09:00:00.000Z",
    "version": 1,
    "etag": f'"{ID}-1-0a9c7b6e5d4f"',
}


def example(picture: str, text: str, *, needs_picture: bool = False, **fields: Any) -> Any:
    """Decorates a serializer with a request, less the bytes of its file, and an answer."""
    sent = fields | ({picture: "(the bytes of foto.jpg)"} if needs_picture else {})
    pictured = {
        picture: FILE,
        f"{picture}_alt": "Peserta di depan papan tulis.",
        f"{picture}_meta": META,
    }
    written = {f"{text}_html": f"<p>{fields[text]}</p>\n", "excerpt": fields[text]}
    shown = {"id": ID, "_id": ID} | fields | pictured | written | PUBLISHING | STAMPS
    return extend_schema_serializer(
        examples=[
            OpenApiExample("Request", value=sent, request_only=True, media_type=MULTIPART),
            OpenApiExample("Answer", value=shown, response_only=True),
        ]
    )


program = example(
    "image",
    "description",
    title="Pelatihan Data Dasar",
    subtitle="Dua hari bersama data terbuka",
    description="Membaca, membersihkan, dan menyajikan data.",
    program_type="training",
    start_date="2026-12-05T02:00:00.000Z",
    end_date="2026-12-06T09:00:00.000Z",
    is_active=True,
)
blog = example(
    "image",
    "content",
    title="Mengapa data terbuka penting",
    content="Data terbuka membantu warga mengawasi.",
)
photo = example(
    "image",
    "description",
    needs_picture=True,
    title="Hari pertama",
    description="Peserta pelatihan di Palu.",
)
partner = example(
    "logo",
    "description",
    needs_picture=True,
    name="Mitra Baru",
    description="Bersama kami sejak 2024.",
    website_url="https://mitra.example",
)
