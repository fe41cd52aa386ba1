"""Pictures on this machine's disk."""

import os
import re
from collections.abc import Iterator

from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri

# Names that are spelt alike in an address: all that we make.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")


class LocalStorage(FileSystemStorage):
    def url(self, name: str) -> str:
        """Django resolves a name like a link on a page, which took half the time of a list; our
        names are paths below the base."""
        path = name if _PLAIN.fullmatch(name) else filepath_to_uri(name)
        return self.base_url + path.lstrip("/")

    def beginning_with(self, prefix: str) -> Iterator[str]:
        """The names of stored files that begin so; none where the folder is missing."""
        folder, _, beginning = prefix.rpartition("/")
        try:
            with os.scandir(self.path(folder)) as entries:
                names = [entry.name for entry in entries if entry.name.startswith(beginning)]
        except FileNotFoundError:
            names = []
        yield from (f"{folder}/{name}" for name in names)

    def flush(self, name: str) -> None:
        """Return once a file outlasts a power cut."""
        with self.open(name) as file:
            os.fsync(file.fileno())
