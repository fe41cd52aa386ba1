"""The project's settings, untouched by a developer's `.env` and quick where it is safe."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DOTENV"] = os.devnull
for name in ("SECRET_KEY", "ALLOWED_ORIGINS", "PORT", "RATE_LIMIT_READ", "RATE_LIMIT_WRITE"):
    os.environ.pop(name, None)
if missing := {"VAR_DIR", "MEDIA_ROOT", "KEPT_ROOT"} - os.environ.keys():
    # Removed when this process ends; those that it starts inherit the names.
    _scratch = Path(tempfile.mkdtemp(prefix="lsa-tests-"))
    atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
    os.environ |= {name: str(_scratch / name.lower()) for name in missing}
os.environ["SECRET_KEY"] = "a key for tests only, long enough for every algorithm of the set"

from lsa_site.settings import *  # noqa: E402, F403 (the environment comes first)

# The database of a test run is named by the environment too, see conftest.py.
MONGODB_DATABASE = MONGODB_TEST_DB  # noqa: F405 (from the project's settings)
# Four rounds of bcrypt instead of twelve: a test logs in within a millisecond.
BCRYPT_ROUNDS = 4
# Nothing is counted per address, but where a test sets a limit: a count costs a write.
RATE_LIMITS = dict.fromkeys(RATE_LIMITS)  # noqa: F405
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Each test has clients of its own, and each would list all static files before its first request.
WHITENOISE_AUTOREFRESH = True
