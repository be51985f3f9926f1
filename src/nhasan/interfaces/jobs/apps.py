"""Django's entry for the commands."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The clock's door."""

    name = "nhasan.interfaces.jobs"
    label = "jobs"
