"""Django's entry for this app."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.releases"
    label = "releases"
