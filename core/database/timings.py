"""How long the database takes for each command, as the driver sees it."""

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from core import metrics


class Timings(CommandListener):
    """Counts every command of the client that it is registered with."""

    def started(self, event: CommandStartedEvent) -> None:
        """The end tells all."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        metrics.count_command(event.command_name, "ok", event.duration_micros / 1e6)

    def failed(self, event: CommandFailedEvent) -> None:
        metrics.count_command(event.command_name, "failed", event.duration_micros / 1e6)
