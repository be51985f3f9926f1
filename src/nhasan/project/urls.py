"""Addresses: which door stands where."""

from django.urls import include, path

urlpatterns = [
    path("", include("nhasan.interfaces.portal.urls")),
    path("", include("nhasan.interfaces.workbench.urls")),
    path("api/v1/", include("nhasan.interfaces.api.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
]

handler403 = "nhasan.interfaces.http.forbidden"
handler404 = "nhasan.interfaces.http.not_found"
handler500 = "nhasan.interfaces.http.server_error"
