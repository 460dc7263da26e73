"""All settings. The difference between machines is the environment, never another file."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF
from environs import Env, validate

from config.broker import private_broker_url
from config.cache import cache_settings, default_cache_url
from config.keys import load_or_create_key
from config.mail import mail_settings
from config.validators import (
    broker_address,
    cache_address,
    channel_address,
    harmless_demo,
    long_enough,
    mail_server,
    quiet_hours,
    sender_address,
    usable_folder,
    web_address,
    writable_file,
)

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
env.read_env(BASE_DIR / ".env", recurse=False)

# --- Where things are -------------------------------------------------------------------------------------------------
_folder = env.str("DATA_DIR", default=str(BASE_DIR / "var"), validate=usable_folder)
DATA_DIR = Path(_folder or BASE_DIR / "var").resolve()
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = (env.str("SITE_URL", default="http://localhost:8000", validate=web_address) or "").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="示范岗")

# --- Secrets ----------------------------------------------------------------------------------------------------------
# A folder that cannot be written is reported by seal() at the end; until then there is no key.
SECRET_KEY = env.str("SECRET_KEY", default="") or (_folder and load_or_create_key(DATA_DIR, "secret_key"))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Opens sealed ballots. Keep it out of the database's backups, and keep a copy of your own.
BALLOT_KEY = env.str("BALLOT_KEY", default="", validate=long_enough(32)) or (
    _folder and load_or_create_key(DATA_DIR, "ballot_key")
)

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{quote(str(DATA_DIR))}/shifangang.sqlite3")}
_db = DATABASES["default"] or {}
if _db.get("ENGINE", "").endswith("sqlite3"):
    _db["OPTIONS"] = {
        # Measured: with the default DEFERRED most concurrent writes fail at once; with IMMEDIATE none did.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    # A new connection per request cuts throughput to a third; without health checks a restart costs a 500 per thread.
    _db["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _db["CONN_HEALTH_CHECKS"] = True
    _db["ENGINE"] = _db.get("ENGINE", "").replace("django.db.backends.postgresql", "config.postgresql")
# Demo mode shows a button that signs in as each role, so it is refused beside real data.
DEMO = env.bool("DEMO", default=False, validate=harmless_demo(https=bool(HTTPS), database_host=_db.get("HOST", "")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Clock ------------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=private_broker_url(DATA_DIR), validate=broker_address)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_DEFAULT_QUEUE = "shifangang"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
# Without interval and throttle a task of a killed worker comes back after 100 s at best; the timeout must exceed the
# longest task, or a task runs twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1000,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
}
CELERY_TIMEZONE = "Asia/Shanghai"
TICK_SECONDS = env.int("TICK_SECONDS", default=30, validate=validate.Range(min=1, max=3600))
# A tick that nobody took in time is dropped: the next one does the same work.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "campaigns.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}}
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Messages outside the application; inside it everybody is told anyway ---------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="", validate=mail_server)
globals().update(mail_settings(EMAIL_URL or ""))
DEFAULT_FROM_EMAIL = (
    env.str("EMAIL_FROM", default="", validate=sender_address) or f"noreply@{urlsplit(SITE_URL).hostname}"
)
# One more way, by apprise. {address} is what each person enters in his settings, so that it reaches him alone.
CHANNEL_URL = env.str("CHANNEL_URL", default="", validate=channel_address)
CHANNEL_NAME = env.str("CHANNEL_NAME", default="消息机器人")
QUIET_HOURS = env.str("QUIET_HOURS", default="21:00-08:00", validate=quiet_hours)
DIGEST_MINUTES = env.int("DIGEST_MINUTES", default=10, validate=validate.Range(min=0, max=1440))

# --- Counters against guessing and flooding ---------------------------------------------------------------------------
CACHE_URL = env.str("CACHE_URL", default=default_cache_url(CELERY_BROKER_URL or ""), validate=cache_address)
CACHES = {"default": cache_settings(CACHE_URL or "")}

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "guardian",
    "import_export",
    "lucide",
    "template_partials",
    "treebeard",
    "campaigns",
    "posts",
    "assessments",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "campaigns.middleware.ContentSecurityPolicyMiddleware",
    "campaigns.middleware.DatabaseAwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "campaigns.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "campaigns.middleware.SecurePagesMiddleware",
    "campaigns.middleware.PasswordChangeMiddleware",
    "campaigns.middleware.DomainErrorMiddleware",
    "campaigns.middleware.NullCharacterMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaigns.context_processors.site",
            ],
            "builtins": ["campaigns.templatetags.icons", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "campaigns.forms.renderer.Renderer"

# --- People and rights ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "campaigns.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# Rights are asked through campaigns.permissions, never through user.has_perm(), so guardian's backend stays unhooked.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "campaigns:login"
LOGIN_REDIRECT_URL = "campaigns:home"
LOGOUT_REDIRECT_URL = "campaigns:login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=8)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "campaigns.network.client_address"  # behind a proxy, not the proxy's
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
# The faces all paper is set in, made by the set-up; a site's own licensed faces come first (docs/operations.md).
FONTS_DIR = Path(env.str("FONTS_DIR", default=str(BASE_DIR / "var" / "fonts")))
OWN_FONTS_DIR = Path(env.str("OWN_FONTS_DIR", default=str(DATA_DIR / "own-fonts")))
FONT_CACHE_DIR = DATA_DIR / "font-cache"
# A PNG or SVG file with the official Party emblem, printed unaltered on plaques; none by default.
PLAQUE_EMBLEM = env.str("PLAQUE_EMBLEM", default="")
# Designs of a site's own beside the house's (docs/plaques.md).
PLAQUE_DESIGNS_DIR = Path(env.str("PLAQUE_DESIGNS_DIR", default=str(DATA_DIR / "plaque-designs")))

# --- Printing: limits of one document, and the days a finished file is kept for who ordered it ------------------------
PRINT_SECONDS = env.int("PRINT_SECONDS", default=60, validate=validate.Range(min=5, max=75))
PRINT_MEGABYTES = env.int("PRINT_MEGABYTES", default=1024, validate=validate.Range(min=256, max=16384))
# The LibreOffice that makes PDFs of the units' own blanks; empty: the one on the PATH, if any (docs/operations.md).
OFFICE_PROGRAM = env.str("OFFICE_PROGRAM", default="")
PRINT_DAYS = env.int("PRINT_DAYS", default=7, validate=validate.Range(min=1, max=60))

# --- Small groups in surveys: frozen into the rules of each survey when it opens (docs/ballot-protection.md) ----------
SURVEY_MIN_ELECTORATE = env.int("SURVEY_MIN_ELECTORATE", default=10, validate=validate.Range(min=3, max=1000))
# Fewer vote on paper; with this they may vote by phone all the same, if the one who opens accepts what that may show.
SURVEY_FEW_BY_PHONE = env.bool("SURVEY_FEW_BY_PHONE", default=bool(DEMO))
SURVEY_MIN_BALLOTS = env.int("SURVEY_MIN_BALLOTS", default=10, validate=validate.Range(min=3, max=1000))
SURVEY_MIN_CELL = env.int("SURVEY_MIN_CELL", default=3, validate=validate.Range(min=2, max=100))
SURVEY_MIN_PERCENT = env.int("SURVEY_MIN_PERCENT", default=50, validate=validate.Range(min=10, max=10000))
SURVEY_MIN_TURNOUT = env.int("SURVEY_MIN_TURNOUT", default=10, validate=validate.Range(min=3, max=1000))
SURVEY_TURNOUT_MINUTES = env.int("SURVEY_TURNOUT_MINUTES", default=60, validate=validate.Range(min=10, max=1440))

# --- History ----------------------------------------------------------------------------------------------------------
# Where the head of the journal is remembered each night: a file, best on another machine, and a mail address.
JOURNAL_ANCHOR_FILE = env.str("JOURNAL_ANCHOR_FILE", default="", validate=writable_file)
JOURNAL_ANCHOR_MAIL = env.str("JOURNAL_ANCHOR_MAIL", default="", validate=sender_address)
GUARDS_MAY_BE_EMPTIED = False  # only a test database may

# --- Browser security -------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "campaigns.views.errors.csrf_failure"
SESSION_ENGINE = "campaigns.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "__Host-sfg" if HTTPS else "sfg"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logging: no personal data, no request bodies ---------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "null": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # The path of a page that was not found may be somebody's sign-in link.
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "apprise": {"level": "CRITICAL"},  # quotes addresses
        "pikepdf": {"level": "WARNING"},
        # Quotes people's names; the press listens to it itself and turns a missing character into an error.
        "weasyprint": {"level": "WARNING", "handlers": ["null"], "propagate": False},
    },
}

env.seal()
