"""Settings, all read from the environment; see docs/reference/settings.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("NHASAN_VAR", ROOT / "var"))
DATA = Path(os.environ.get("NHASAN_DATA", ROOT / "data"))
RELEASES = VAR / "releases"
RUNS = VAR / "runs"
WORKING = VAR / "working"
STORE = VAR / "store"
BOUNDARIES = VAR / "boundaries"  # outlines of the installation's own, before those shipped

DEBUG = os.environ.get("NHASAN_DEBUG", "") == "1"


def _close_var() -> None:
    """Make the folder of everything written, open to the account that runs the house alone.

    Drafts, uploaded files, unprotected results and (with SQLite) passwords' hashes lie in it; on a
    machine with several accounts the usual mask of new files would let each of them read along.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    folder = VAR.stat()
    if folder.st_uid == os.geteuid() and folder.st_mode & 0o077:
        VAR.chmod(0o700)


def _secret_key() -> str:
    """Return the key of this installation, made once and kept beside the database."""
    given = os.environ.get("NHASAN_SECRET_KEY", "")
    if given:
        return given
    path = VAR / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = os.urandom(48).hex()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


_close_var()
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("NHASAN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("NHASAN_TRUSTED_ORIGINS", "").split(",") if origin
]
HTTPS = os.environ.get("NHASAN_HTTPS", "") == "1"


def _database(url: str) -> dict[str, Any]:
    """Return Django's description of a database given as `postgres://…`, or SQLite in `var/`."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "nhasan.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536; "
                    "PRAGMA recursive_triggers=ON;"  # INSERT OR REPLACE keeps promises, too
                ),
            },
            "TEST": {"NAME": os.environ.get("NHASAN_TEST_SQLITE") or None},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("NHASAN_DATABASE_URL: postgres://user:password@host:port/name")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&")) if parts.query else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }


DATABASES = {"default": _database(os.environ.get("NHASAN_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "nhasan.organisations",
    "nhasan.areas",
    "nhasan.metadata",
    "nhasan.catalogue",
    "nhasan.collection",
    "nhasan.observations",
    "nhasan.processing",
    "nhasan.releases",
    "nhasan.interfaces",
    "nhasan.interfaces.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nhasan.interfaces.http.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nhasan.interfaces.http.ActorMiddleware",
    "nhasan.interfaces.http.PlainTextMiddleware",
    "nhasan.interfaces.http.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "nhasan.project.urls"
WSGI_APPLICATION = "nhasan.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "src/nhasan/interfaces/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "nhasan.interfaces.http.page_context",
                "nhasan.interfaces.workbench.navigation.page_navigation",
            ],
        },
    },
]

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/viec/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 12  # hours: QCVN 12:2026/BCA asks for at least 12
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "nhasan.interfaces.http.visitor_address"
AXES_LOCKOUT_TEMPLATE = "workbench/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLED = os.environ.get("NHASAN_AXES", "1") == "1"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [ROOT / "src/nhasan/locale"]
# A language is offered once its catalogue is compiled: an untranslated page helps nobody.
LANGUAGES = [("vi", "Tiếng Việt")] + [
    (code, name) for code, name in (("en", "English"),)
    if (LOCALE_PATHS[0] / code / "LC_MESSAGES/django.mo").exists()
]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}

WORKBOOK_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "nhasan.interfaces.workbench.uploads.WithinLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail: without a host no letter leaves the house, each is kept on a page.
MAIL_HOST = EMAIL_HOST = os.environ.get("NHASAN_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("NHASAN_MAIL_PORT", "587"))
EMAIL_USE_TLS = os.environ.get("NHASAN_MAIL_TLS", "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("NHASAN_MAIL_TLS", "starttls") == "tls"
EMAIL_HOST_USER = os.environ.get("NHASAN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NHASAN_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("NHASAN_MAIL_FROM", "nha-san@localhost")
MAIL_HOURS = os.environ.get("NHASAN_MAIL_HOURS", "7-17")
SITE_ADDRESS = os.environ.get("NHASAN_ADDRESS", "http://localhost:8000").rstrip("/")

ENGINE = os.environ.get("NHASAN_ENGINE", "duckdb:")
FOCAL_DEPARTMENT = os.environ.get("NHASAN_FOCAL_DEPARTMENT", "Sở Dân tộc và Tôn giáo")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("NHASAN_LOG", "WARNING")},
}
