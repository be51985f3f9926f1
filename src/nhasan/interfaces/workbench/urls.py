"""Addresses of the officials' door; each module brings its own."""

from nhasan.interfaces.workbench import (
    areas,
    catalogue,
    deciding,
    entry,
    history,
    home,
    metadata,
    people,
    publishing,
    releasing,
    report_forms,
    review,
    rounds,
    rows,
    sending,
    sign_in,
    workbooks,
)

app_name = "workbench"
urlpatterns = [
    *sign_in.urlpatterns,
    *home.urlpatterns,
    *entry.urlpatterns,
    *rows.urlpatterns,
    *history.urlpatterns,
    *workbooks.urlpatterns,
    *sending.urlpatterns,
    *review.urlpatterns,
    *rounds.urlpatterns,
    *areas.urlpatterns,
    *catalogue.urlpatterns,
    *metadata.urlpatterns,
    *people.urlpatterns,
    *publishing.urlpatterns,
    *releasing.urlpatterns,
    *deciding.urlpatterns,
    *report_forms.urlpatterns,
]
