"""Django's entry for this app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The ground floor: units, people, authority."""

    name = "nhasan.organisations"
    label = "organisations"
