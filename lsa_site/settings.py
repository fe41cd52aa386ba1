"""Django settings: the one place that reads the environment.

Every variable stands in `.env.example` with its default and in the README's table.
"""

import os
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from dotenv import load_dotenv

from core import environment as env
from core import kept_secret
from core.links import is_plain
from lsa_site import cors, logs, mail, object_storage, openapi, rest, site_paths

BASE_DIR = Path(__file__).resolve().parent.parent
try:
    load_dotenv(os.environ.get("DOTENV", BASE_DIR / ".env"))
except UnicodeDecodeError:
    raise SystemExit(".env: it must be text in UTF-8.") from None

# --- Where it runs ---------------------------------------------------------------------

DEBUG_MODE = env.flag("DEBUG_MODE", False)
# Django's own debug pages would answer in another shape than the envelope and show
# internals; DEBUG_MODE only loosens what this service itself guards.
DEBUG = False
# Before every route; the earlier front ends leave it out.
API_PREFIX = "/api/v1"
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
ALLOWED_HOSTS = env.listing(
    "ALLOWED_HOSTS",
    "localhost,127.0.0.1,[::1]",
    pattern=r"\*|\.?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]",
    takes="host names, comma-separated or a JSON list",
)
# Where `serve` listens unless told; `make run PORT=8001` sets it.
PORT = env.integer("PORT", 8000, maximum=65535)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_URL = env.text("SITE_URL", PUBLIC_URL).rstrip("/")
for _name, _address in (("PUBLIC_URL", PUBLIC_URL), ("SITE_URL", SITE_URL)):
    if not is_plain(_address) or set("?#") & set(_address):
        env.fail(_name, "a full http(s):// address, such as https://lsa.example")
SITE_PATHS = env.parsed("SITE_PATHS", "{}", site_paths.read, site_paths.TAKES)
TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, maximum=20)
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", False)
# Probes and collectors inside the cluster speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [rf"^({API_PREFIX[1:]}/)?(health/|metrics$)"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Database --------------------------------------------------------------------------

_url = {"pattern": r"(mongodb(\+srv)?://.+)?", "takes": "a mongodb:// or mongodb+srv:// address"}
MONGODB_URL = env.text("MONGODB_URL", **_url) or None
_name = {"pattern": r"[A-Za-z0-9_-]{1,63}", "takes": "letters, digits, _ and -, at most 63"}
MONGODB_DATABASE = env.text("MONGODB_DATABASE", "lsa", **_name)
MONGODB_TEST_DB = env.text("MONGODB_TEST_DB", "lsa_test", **_name)

# --- Secrets and accounts --------------------------------------------------------------

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if MONGODB_URL:
        env.fail("SECRET_KEY", "a long random string; it is needed beside MONGODB_URL")
    try:
        SECRET_KEY = kept_secret.kept_in(VAR_DIR / "secret_key")
    except OSError as error:
        env.fail("VAR_DIR", f"a folder that can be written to ({error.strerror})")
SIMPLE_JWT = {
    "ALGORITHM": env.choice("ALGORITHM", "HS256", ("HS256", "HS384", "HS512")),
    "ACCESS_TOKEN_LIFETIME": timedelta(
        minutes=env.integer("ACCESS_TOKEN_EXPIRE_MINUTES", 30, minimum=1)
    ),
    "REFRESH_TOKEN_LIFETIME": timedelta(
        days=env.integer("REFRESH_TOKEN_EXPIRE_DAYS", 14, minimum=1, maximum=3650)
    ),
    "AUTH_TOKEN_CLASSES": ["accounts.credentials.tokens.AccessToken"],
    # Machines whose clocks differ a little may share the work.
    "LEEWAY": 10,
}
REFRESH_REUSE_GRACE_SECONDS = env.integer("REFRESH_REUSE_GRACE_SECONDS", 10, maximum=3600)
REGISTRATION_OPEN = env.flag("REGISTRATION_OPEN", True)
REGISTRATION_ROLE = env.choice("REGISTRATION_ROLE", "author", ("author", "contributor"))
VERIFY_EMAIL = env.flag("VERIFY_EMAIL", False)
ADMIN_EMAIL = env.parsed("ADMIN_EMAIL", "admin@example.org", mail.address, "an e-mail address")
ADMIN_USERNAME = env.text("ADMIN_USERNAME", "admin")
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
BCRYPT_ROUNDS = 12
PASSWORD_MIN_LENGTH = 8
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = int(SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"].total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_FAILURE_VIEW = "editors.refusals.csrf_failure"
RATE_LIMITS = {
    "read": env.rate("RATE_LIMIT_READ", ""),
    "write": env.rate("RATE_LIMIT_WRITE", "120/minute"),
    "auth": env.rate("RATE_LIMIT_AUTH", "20/minute"),
}
FAILED_LOGINS = env.Rate(10, 15 * 60)

# --- Applications ----------------------------------------------------------------------

INSTALLED_APPS = [
    "core",
    "accounts",
    "content",
    "webhooks",
    "editors",
    "lsa_site",
    "django.contrib.staticfiles",
    # For its template.
    "django.contrib.sitemaps",
    # simplejwt imports their models. Nothing uses the tables, which nobody makes.
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
]
MIDDLEWARE = [
    "core.request_id.RequestIdMiddleware",
    # Before the first who reads a cookie.
    "core.api.headers.CookieLimitMiddleware",
    # Early, so that whatever refuses a request below speaks the client's language.
    "lsa_site.language.LanguageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lsa_site.middleware.SecurityHeadersMiddleware",
    "lsa_site.middleware.CompressionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "editors.refusals.RefusalPagesMiddleware",
    "lsa_site.middleware.EnvelopeMiddleware",
    "lsa_site.middleware.StaticFilesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lsa_site.middleware.TrailingSlashMiddleware",
    "lsa_site.middleware.BodyMiddleware",
    "lsa_site.middleware.FullDiskMiddleware",
    "core.api.encoding.StrictTextMiddleware",
    "core.api.conditional.EntityTagMiddleware",
    "core.api.throttling.RateLimitHeadersMiddleware",
]
ROOT_URLCONF = "lsa_site.urls"
WSGI_APPLICATION = "lsa_site.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                f"editors.context.{name}" for name in ("reader", "menu", "clocks")
            ]
        },
    }
]

# --- Language and time -----------------------------------------------------------------

LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "id", dict(LANGUAGES))
LOCALE_PATHS = [BASE_DIR / "locale"]
# What the API and the log say; people and calendars have the zone of the site.
TIME_ZONE = "UTC"
SITE_TIME_ZONE = env.parsed(
    "TIME_ZONE", "Asia/Jakarta", ZoneInfo, "the name of a time zone, such as Asia/Jakarta"
)

# --- Publishing ------------------------------------------------------------------------

TRASH_DAYS = env.integer("TRASH_DAYS", 30, maximum=3650)
REVISIONS_KEPT = env.integer("REVISIONS_KEPT", 50, minimum=1, maximum=1000)
SHOW_AUTHOR_EMAIL = env.flag("SHOW_AUTHOR_EMAIL", True)

# --- Webhooks --------------------------------------------------------------------------

# For development: receivers on this machine or network, and on any port.
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", False)

# --- Files -----------------------------------------------------------------------------

MAX_FILE_SIZE = env.integer("MAX_FILE_SIZE", 5 * 1024 * 1024, minimum=1024)
# Bodies: of forms with files, of anything else, and where strangers send little.
MAX_BODY_SIZE = MAX_FILE_SIZE + 1024 * 1024
MAX_TEXT_BODY_SIZE = 2 * 1024 * 1024
BODY_LIMITS = {"/auth/": 64 * 1024}
# A client that neither sends nor takes anything for so long is left.
CLIENT_PATIENCE_SECONDS = 30
# Threads that run Django, in each process. From 8 to 64 were alike in requests per second, for
# one of them runs at a time; more are for what waits outside of Python: the database, a hash.
REQUEST_THREADS = 16
# How many requests may wait for one, and for how long; then 503.
REQUESTS_WAITING = 256
REQUEST_WAIT_SECONDS = 5
# Reads are answered from memory, of which each process takes so much for them, where nothing has
# changed: the database tells of changes or, if it shall not, is asked each time.
CACHE_READS = env.flag("CACHE_READS", True)
CACHE_BYTES = 16 * 1024 * 1024
# Uploads stay in memory: temporary files take their ending from the client, and need a disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_SIZE
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
KEPT_ROOT = env.path("KEPT_ROOT", VAR_DIR / "kept")
if KEPT_ROOT.resolve().is_relative_to(MEDIA_ROOT.resolve()):
    env.fail("KEPT_ROOT", "a folder outside of MEDIA_ROOT, which everybody may read")
_place = {
    "pattern": "(/|https?://.).*",
    "takes": "a path that begins with /, or a full http(s):// address",
}
MEDIA_URL = env.text("MEDIA_URL", "/media/", **_place).rstrip("/") + "/"
MEDIA_CACHE_CONTROL = object_storage.CACHE_CONTROL
# Where browsers find what lies here: pages of other origins cannot use a path of ours.
MEDIA_ORIGIN = PUBLIC_URL if env.flag("ABSOLUTE_MEDIA", False) else ""
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": object_storage.from_environment()
    or {"BACKEND": "content.pictures.local_storage.LocalStorage"},
    # What only the trash and earlier revisions show. No proxy and no route leads there.
    "kept": object_storage.kept_from_environment()
    or {
        "BACKEND": "content.pictures.local_storage.LocalStorage",
        "OPTIONS": {
            "location": KEPT_ROOT,
            "directory_permissions_mode": 0o700,
            "file_permissions_mode": 0o600,
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Who may ask from a browser --------------------------------------------------------

ALLOWED_ORIGINS = env.listing("ALLOWED_ORIGINS", pattern=cors.ORIGIN, takes=cors.TAKES)
CORS_ALLOW_ALL_ORIGINS = "*" in ALLOWED_ORIGINS
CORS_ALLOWED_ORIGINS = [origin for origin in ALLOWED_ORIGINS if origin != "*"]
CORS_ALLOW_CREDENTIALS = not CORS_ALLOW_ALL_ORIGINS
CORS_ALLOW_HEADERS = cors.MAY_SEND
CORS_EXPOSE_HEADERS = cors.MAY_READ
SECURE_HSTS_SECONDS = 31536000 if SECURE_SSL_REDIRECT else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # SecurityHeadersMiddleware sets the header
    # Other sites under the same domain are not ours to speak for.
    "security.W005",
    "security.W021",
]

# --- E-mail ----------------------------------------------------------------------------

_email = env.parsed("EMAIL_URL", "console:", mail.read, mail.TAKES)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.parsed(
    "DEFAULT_FROM_EMAIL", "LSA <noreply@example.org>", mail.sender, mail.SENDER_TAKES
)

# --- The API ---------------------------------------------------------------------------

REST_FRAMEWORK = rest.CONFIGURATION | {"NUM_PROXIES": TRUSTED_PROXY_COUNT}
SPECTACULAR_SETTINGS = openapi.CONFIGURATION | {"SCHEMA_PATH_PREFIX": API_PREFIX}

# --- Logs and metrics ------------------------------------------------------------------

# Who collects metrics sends it as a bearer token; without one anybody may.
METRICS_TOKEN = env.text("METRICS_TOKEN", pattern=r"[!-~]*", takes="visible ASCII without spaces")
LOG_FORMAT = env.choice("LOG_FORMAT", "text", ("text", "json"))
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logs.configuration(LOG_LEVEL, LOG_FORMAT)
