"""Pictures in an S3-compatible object store."""

from collections.abc import Iterator

from storages.backends.s3 import S3Storage


class ObjectStore(S3Storage):
    def beginning_with(self, prefix: str) -> Iterator[str]:
        """The names of stored files that begin so: one request, however many there are besides."""
        for item in self.bucket.objects.filter(Prefix=prefix):
            yield item.key

    def flush(self, name: str) -> None:
        """An object is there once its store said so."""
