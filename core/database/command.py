"""What every command of ours shares."""

import sys
from collections.abc import Iterable
from typing import Any

import mongoengine
from django.core.management.base import BaseCommand, CommandError
from pymongo.errors import PyMongoError

from core.database.connection import DatabaseUnavailableError, describe
from core.database.indexes import IndexBuildError
from core.errors import StorageUnavailable


class SiteCommand(BaseCommand):
    """Shows a failure of database or storage as one line, never as a traceback; exits non-zero."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (DatabaseUnavailableError, IndexBuildError) as error:
            raise CommandError(str(error)) from error
        except PyMongoError as error:
            raise CommandError(f"The database reports: {describe(error)}") from error
        except mongoengine.ConnectionFailure as error:
            raise CommandError(str(error.__context__)) from error
        except StorageUnavailable as error:
            raise CommandError(f"The storage reports: {error.__cause__}") from error
        except KeyboardInterrupt:
            sys.exit(130)  # as shells report a Ctrl-C

    def report(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)
