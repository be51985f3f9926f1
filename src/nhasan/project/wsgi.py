"""The WSGI application, served by granian."""

import os

import pyarrow as pa
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhasan.project.settings")
application = get_wsgi_application()


def _warm() -> None:
    """Load what the first reader of each worker would otherwise wait for, up to some seconds."""
    _ = get_resolver().url_patterns  # every page with what it needs
    pa.array([""])  # on its first list it looks for pandas


_warm()
