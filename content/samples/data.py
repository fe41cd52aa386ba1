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

    A time is given from the midnight (UTC) of the day it is stored.
    """

    document: type[ContentDocument]
    fields: Raw
    picture: Callable[[], bytes]

    def fields_on(self, midnight: datetime) -> Raw:
        return {
            name: midnight + value if isinstance(value, timedelta) else value
            for name, value in self.fields.items()
        }


# Two or three of each resource, the oldest first.
SAMPLES: tuple[Sample, ...] = (
    Sample(
        Partner,
        {
            "name": "Yayasan Nusantara Belajar",
            "description": "Mitra penyelenggaraan kelas literasi di sekolah-sekolah desa.",
            "website_url": "https://nusantara-belajar.example",
        },
        partial(draw.logo, "NB", draw.TEAL),
    ),
    Sample(
        Partner,
        {
            "name": "Komunitas Sahabat Data",
            "description": "Jejaring relawan yang mengolah data terbuka demi warga.",
            "website_url": "https://sahabat-data.example",
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
                "Terbuka untuk umum, tanpa biaya."
            ),
            "program_type": "workshop",
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
        },
        partial(draw.photograph, draw.kawung),
    ),
    Sample(
        Photo,
        {
            "title": "Senja di Teluk Tomini",
            "description": "Diambil pada akhir kunjungan lapangan bersama nelayan setempat.",
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
                "Tulisan ini merangkum apa yang kami ubah setelahnya."
            ),
        },
        partial(draw.photograph, draw.rice_fields),
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
        },
        partial(draw.photograph, draw.mountains),
    ),
)
