"""The door for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
application = get_wsgi_application()


def settle() -> None:
    """Load every page now, and keep what stays out of the garbage collector's rounds.

    The first request then finds the pages there, and a long one (an import) does not walk through
    a million objects of the program again and again.
    """
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


settle()
