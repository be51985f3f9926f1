"""Django's entry for this app."""

from django.apps import AppConfig


class ProcessingConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.processing"
    label = "processing"
