"""Addresses: which door stands where."""

from django.urls import include, path

urlpatterns = [
    path("", include("nhasan.interfaces.portal.urls")),
    path("", include("nhasan.interfaces.workbench.urls")),
    path("api/v1/", include("nhasan.interfaces.api.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
]
