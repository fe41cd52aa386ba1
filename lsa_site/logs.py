"""What is logged, and how a line of it looks."""

from typing import Any


def configuration(level: str, format: str) -> dict[str, Any]:
    """Django's `LOGGING`, to standard error; `format` is one of the formatters."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "core.request_id.RequestIdFilter"}},
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": format,
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Our own handlers log what Django would log here, once.
            "django.request": {"level": "CRITICAL"},
            # Scanners ask for any host and send any number of fields; the access log says 400.
            "django.security": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # The web server, which would otherwise write in a format of its own.
            "_granian": {"handlers": [], "level": "ERROR", "propagate": True},
            # At DEBUG it writes out every command with its documents, password hashes included.
            "pymongo": {"level": "INFO"},
            # They write out the address of every webhook, which may hold a token.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
