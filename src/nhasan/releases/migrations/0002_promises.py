"""A release goes forward only; once approved its content is frozen, once published for good."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen

_CONTENT = (
    "id", "unit_id", "agency", "identifier", "version", "dataflow", "title_vi", "notes", "run_id",
    "manifest", "content", "illustrative", "drafted_at", "drafted_by", "drafted_by_name",
    "approved_at", "approved_by", "approved_by_name", "publish_on",
)
_RELEASE = "releases_release"
_NOT_A_DRAFT = (
    "EXISTS (SELECT 1 FROM releases_release held WHERE held.id = {row}.release_id"
    " AND held.state <> 'draft')"
)


def _closed(name: str, table: str) -> list[Promise]:
    """Return promises that what belongs to a release is entered while it is a draft only."""
    return [
        Promise(f"{name}_insert", table, "INSERT", _NOT_A_DRAFT.format(row="NEW")),
        Promise(f"{name}_update", table, "UPDATE", _NOT_A_DRAFT.format(row="OLD")),
        Promise(f"{name}_delete", table, "DELETE", _NOT_A_DRAFT.format(row="OLD")),
    ]


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [
        *frozen("release_frozen", _RELEASE, "OLD.state <> 'draft'", _CONTENT),
        Promise(
            "release_forward_only_update", _RELEASE, "UPDATE",
            "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN"
            " ('draft>approved', 'approved>published', 'published>withdrawn')",
        ),
        Promise(
            "release_published_for_good_update", _RELEASE, "UPDATE",
            "OLD.state IN ('published', 'withdrawn')"
            " AND OLD.published_at IS DISTINCT FROM NEW.published_at",
        ),
        Promise(
            "release_withdrawn_for_good_update", _RELEASE, "UPDATE", "OLD.state = 'withdrawn'",
        ),
        *_closed("distribution_closed", "releases_distribution"),
        *_closed("change_closed", "releases_change"),
    ]
