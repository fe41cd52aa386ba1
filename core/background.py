"""Work that goes on after the answer, in one thread of this process.

For what may be lost when the process is killed and can be asked for again, such as the
e-mail of a password reset.
"""

import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

logger = logging.getLogger(__name__)
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future:
    """Queue `function`; a failure is logged under the request's id. A clean exit waits for it."""
    context = contextvars.copy_context()
    return _executor.submit(context.run, _logged, function, *args, **kwargs)


def _logged(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    try:
        function(*args, **kwargs)
    except Exception:
        logger.exception("Background work failed: %s", function.__qualname__)
