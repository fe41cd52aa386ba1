"""What every command of ours shares."""

import logging
import os
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from pymongo.errors import PyMongoError

from core.database.failures import DATABASE_ERRORS, describe
from core.database.indexes import IndexBuildError
from core.errors import StorageUnavailable

EXIT_BROKEN_PIPE = 141  # as shells report a SIGPIPE


logger = logging.getLogger(__name__)


class Lines(OutputWrapper):
    """An output whose lines are logged: whoever collects a service's log wants one format."""

    def __init__(self, level: int) -> None:
        super().__init__(sys.stderr)
        self.level = level

    def write(self, msg: str = "", *args: Any, **kwargs: Any) -> None:
        for line in filter(None, map(str.strip, str(msg).splitlines())):
            logger.log(self.level, "%s", line)


class SiteCommand(BaseCommand):
    """Shows a failure of database or storage as one line, never as a traceback; exits non-zero.

    What goes well is not logged (cron mails what is written to standard error), unless the
    verbosity is given or the command `is_service`.
    """

    is_service = False

    def run_from_argv(self, argv: list[str]) -> None:
        """From a terminal, a pipe or cron, not from other code."""
        is_verbose = any(word.startswith(("-v", "--verbosity")) for word in argv)
        if not (self.is_service or is_verbose):
            logging.getLogger().setLevel(max(logging.WARNING, logging.getLogger().level))
        if self.is_service and settings.LOG_FORMAT == "json":
            self.stdout, self.stderr = Lines(logging.INFO), Lines(logging.ERROR)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a terminal that knows only ASCII
        try:
            super().run_from_argv(argv)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has seen enough; Python would complain again when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(EXIT_BROKEN_PIPE)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except PyMongoError as error:
            raise CommandError(f"The database reports: {describe(error)}") from error
        except DATABASE_ERRORS as error:
            raise CommandError(describe(error)) from error
        except IndexBuildError as error:
            raise CommandError(str(error)) from error
        except StorageUnavailable as error:
            raise CommandError(f"The storage reports: {error.__cause__}") from error
        except KeyboardInterrupt:
            sys.exit(130)  # as shells report a Ctrl-C

    def report(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)
