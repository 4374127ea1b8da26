"""Settings of a real server in tests and benchmarks: static files straight from their folders."""

from bole.config.settings import *  # noqa: F403
from bole.config.settings import STORAGES

STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
