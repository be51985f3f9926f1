"""Django's entry for this app."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.areas"
    label = "areas"
