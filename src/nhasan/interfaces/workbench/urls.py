"""Addresses of this door."""

from typing import Any

urlpatterns: list[Any] = []
