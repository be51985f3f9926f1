"""Addresses of this task."""

from typing import Any

urlpatterns: list[Any] = []
