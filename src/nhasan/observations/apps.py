"""Django's entry for this app."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.observations"
    label = "observations"
