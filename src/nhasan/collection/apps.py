"""Django's entry for this app."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """See the package's docstring."""

    name = "nhasan.collection"
    label = "collection"
