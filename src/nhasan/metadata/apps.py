"""Django's entry for this app."""

from django.apps import AppConfig


class MetadataConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.metadata"
    label = "metadata"
