"""What tests of accounts share."""

from typing import Any

import pytest
from django.core import mail

from lsa_site.background import run_later


@pytest.fixture
def no_address_limits(settings: Any) -> None:
    """Without the limits per address, for tests that ask often."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS)


@pytest.fixture
def mailbox() -> Any:
    """A function that gives the e-mails sent so far, also those on their way."""

    def read() -> list[mail.EmailMessage]:
        # One thread works in order, so when this is done so is what was queued before.
        run_later(int).result(timeout=30)
        return mail.outbox

    return read
