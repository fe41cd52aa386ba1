"""What a fresh installation shows until there is content of one's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from content.documents import Blog, ContentDocument, Partner, Photo, Program
from content.samples import illustrations as draw
from core.database.documents import Raw


class Sample(NamedTuple):
    """A document to be: its fields, and how to draw its picture.

    A time is given from the midnight (UTC) of the day it is stored. `changes` are made to it
    afterwards, one by one, so that it has a history; what is not `kept` goes to the trash.
    """

    document: type[ContentDocument]
    fields: Raw
    picture: Callable[[], bytes]
    changes: tuple[Raw, ...] = ()
    is_kept: bool = True

    def fields_on(self, midnight: datetime) -> Raw:
        return {
            name: midnight + value if isinstance(value, timedelta) else value
            for name, value in self.fields.items()
        }


# Two or three of each resource that are public, the oldest first, and some that are not.
SAMPLES: tuple[Sample, ...] = (
    Sample(
        Partner,
        {
            "name": "Yayasan Nusantara Belajar",
            "description": "Mitra penyelenggaraan kelas literasi di sekolah-sekolah desa.",
            "website_url": "https://nusantara-belajar.example",
            "logo_alt": "Huruf N dan B di atas bidang hijau kebiruan",
            "tags": ["pendidikan"],
        },
        partial(draw.logo, "NB", draw.TEAL),
    ),
    Sample(
        Partner,
        {
            "name": "Komunitas Sahabat Data",
            "description": "Jejaring relawan yang mengolah data terbuka demi warga.",
            "website_url": "https://sahabat-data.example",
            "logo_alt": "Huruf S dan D di atas bidang merah bata",
            "tags": ["data terbuka"],
        },
        partial(draw.logo, "SD", draw.BRICK),
    ),
    Sample(
        Program,
        {
            "title": "Lokakarya Pemetaan Masalah Sosial",
            "subtitle": "Dari keluhan warga menjadi pertanyaan yang dapat diteliti",
            "description": (
                "Peserta memetakan persoalan di lingkungannya bersama-sama, lalu merumuskan "
                "pertanyaan penelitian dan rencana pengumpulan data.\n\n"
                "Terbuka untuk umum, **tanpa biaya**."
            ),
            "program_type": "workshop",
            "image_alt": "Peserta lokakarya mengelilingi meja berisi kertas",
            "tags": ["warga", "data terbuka"],
            "start_date": timedelta(days=14, hours=2),
            "end_date": timedelta(days=14, hours=8),
        },
        partial(draw.photograph, draw.workshop),
    ),
    Sample(
        Program,
        {
            "title": "Seminar Kebijakan Berbasis Bukti",
            "subtitle": "Belajar dari pengalaman lima kota",
            "description": (
                "Para peneliti dan pejabat daerah berbagi cara memakai hasil penelitian saat "
                "menyusun kebijakan, termasuk ketika hasilnya tidak sesuai harapan."
            ),
            "program_type": "seminar",
            "image_alt": "Ruang seminar dengan layar dan deretan kursi",
            "tags": ["kebijakan"],
            "start_date": timedelta(days=30, hours=2),
            "end_date": timedelta(days=30, hours=6),
        },
        partial(draw.photograph, draw.seminar),
    ),
    Sample(
        Program,
        {
            "title": "Pelatihan Analisis Data untuk Pemula",
            "subtitle": "Tiga hari bersama data terbuka",
            "description": (
                "Pelatihan dasar membaca, membersihkan, dan menyajikan data. Peserta membawa "
                "laptop sendiri; perangkat lunaknya gratis."
            ),
            "program_type": "training",
            "image_alt": "Grafik batang di layar komputer jinjing",
            "tags": ["data terbuka", "pelatihan"],
            "start_date": timedelta(days=45, hours=2),
            "end_date": timedelta(days=47, hours=10),
        },
        partial(draw.photograph, draw.training),
    ),
    Sample(
        Photo,
        {
            "title": "Motif kawung",
            "description": "Batik tulis karya ibu-ibu dampingan program ekonomi kreatif.",
            "image_alt": "Motif kawung berulang pada kain batik",
            "tags": ["warga"],
        },
        partial(draw.photograph, draw.kawung),
    ),
    Sample(
        Photo,
        {
            "title": "Senja di Teluk Tomini",
            "description": "Diambil pada akhir kunjungan lapangan bersama nelayan setempat.",
            "image_alt": "Matahari terbenam di atas laut yang tenang",
            "tags": ["lapangan"],
        },
        partial(draw.photograph, draw.sea),
    ),
    Sample(
        Blog,
        {
            "title": "Catatan dari Sawah: Mendengar Sebelum Mengukur",
            "content": (
                "Sebelum membagikan kuesioner, tim kami menghabiskan satu pekan di desa untuk "
                "mendengarkan. Banyak pertanyaan yang kami siapkan ternyata tidak penting bagi "
                "petani, dan yang penting justru tidak kami tanyakan.\n\n"
                "## Yang kami ubah\n\n"
                "- satu pekan mendengarkan sebelum bertanya\n"
                "- pertanyaan disusun bersama warga\n"
                "- hasilnya dikembalikan ke desa, seperti di "
                "[program kami](https://example.org/programs)\n\n"
                "> Kalau mau tahu soal air, tanyalah kepada yang membuka pintunya.\n\n"
                "Tulisan ini merangkum apa yang kami ubah setelahnya."
            ),
            "image_alt": "Sawah bertingkat dengan gubuk di kejauhan",
            "tags": ["lapangan", "warga"],
        },
        partial(draw.photograph, draw.rice_fields),
        changes=(
            {"title": "Catatan dari Sawah: Mendengar sebelum Mengukur"},
            {"tags": ["lapangan", "warga", "metode"]},
        ),
    ),
    Sample(
        Blog,
        {
            "title": "Mengapa Kami Membuka Semua Data Penelitian",
            "content": (
                "Mulai tahun ini setiap laporan kami terbit bersama datanya. Data yang terbuka "
                "dapat diperiksa, dikoreksi, dan dipakai kembali oleh siapa saja.\n\n"
                "Data pribadi tentu tidak ikut dibuka: semua identitas dihapus lebih dahulu."
            ),
            "image_alt": "Pegunungan berkabut pada pagi hari",
            "tags": ["data terbuka"],
        },
        partial(draw.photograph, draw.mountains),
    ),
    Sample(
        Blog,
        {
            "title": "Apa yang Kami Pelajari Tahun Ini",
            "content": "Draf: *tiga hal* yang berhasil, dan tiga yang tidak.",
            "status": "draft",
            "tags": ["metode"],
        },
        partial(draw.photograph, draw.sea),
    ),
    Sample(
        Blog,
        {
            "title": "Jadwal Kegiatan Bulan Depan",
            "content": "Terbit dengan sendirinya pada hari yang ditentukan.",
            "published_at": timedelta(days=7, hours=2),
        },
        partial(draw.photograph, draw.kawung),
    ),
    Sample(
        Photo,
        {"title": "Foto yang buram", "image_alt": "Sawah yang tidak tajam"},
        partial(draw.photograph, draw.rice_fields),
        is_kept=False,
    ),
)
