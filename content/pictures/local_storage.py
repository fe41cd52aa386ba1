"""Pictures on this machine's disk."""

from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri


class LocalStorage(FileSystemStorage):
    def url(self, name: str) -> str:
        """Django resolves a name like a link on a page, which took half the time of a list; our
        names are paths below the base."""
        return self.base_url + filepath_to_uri(name).lstrip("/")
