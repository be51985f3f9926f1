"""Django's entry for this app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.catalogue"
    label = "catalogue"
