"""Django's entry for the doors: templates, static files, template tags."""

from django.apps import AppConfig


class InterfacesConfig(AppConfig):
    """The doors of the house."""

    name = "nhasan.interfaces"
    label = "interfaces"
