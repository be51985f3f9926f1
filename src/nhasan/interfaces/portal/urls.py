"""Addresses of the public pages. Those under `/data/` last: they are cited."""

from django.urls import path, re_path

from nhasan.interfaces.portal import (
    atlas,
    downloads,
    editions,
    guides,
    home,
    indicators,
    lineage,
    peoples,
    places,
    searching,
    tables,
)

app_name = "portal"
_DATASET = "data/<str:agency>/<str:identifier>"
_VERSION = f"{_DATASET}/<str:version>"

urlpatterns = [
    path("", home.home, name="home"),
    path("tim/", searching.search, name="search"),
    path("so-lieu/", editions.datasets, name="datasets"),
    path("ban-do/", atlas.maps, name="map"),
    path("lich-cong-bo/", editions.calendar, name="calendar"),
    path("dan-toc/", peoples.overview, name="groups"),
    path("dan-toc/<str:code>/", peoples.one, name="group"),
    path("dia-ban/<str:level>/<str:code>/", places.one, name="place"),
    path("chi-tieu/", indicators.overview, name="indicators"),
    path("chi-tieu/<str:owner>/<path:key>/", indicators.one, name="indicator"),
    path("phuong-phap/", guides.methods, name="methods"),
    path("du-lieu-mo/", guides.developers, name="developers"),
    path("tieng/", guides.language, name="language"),
    path("robots.txt", guides.robots, name="robots"),
    path("sitemap.xml", guides.sitemap, name="sitemap"),
    re_path(r"^data/(?P<path>.+)/$", tables.slashed),
    path(f"{_DATASET}/figures.<str:extension>", downloads.figures, name="newest_figures"),
    path(f"{_VERSION}/figures.<str:extension>", downloads.figures, name="figures"),
    path(f"{_VERSION}/files/<path:path>", downloads.distribution, name="file"),
    path(f"{_VERSION}/ban-cong-bo", editions.release, name="release"),
    path(f"{_VERSION}/o/<path:key>", lineage.figure, name="figure"),
    path(_DATASET, tables.table, name="dataset"),
    path(_VERSION, tables.table, name="table"),
]
