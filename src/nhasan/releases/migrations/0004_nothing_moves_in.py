"""What belongs to a draft is not moved into a release that was approved."""

from django.db import migrations

from nhasan.organisations.promises import Promise

_INTO_ONE_IN_HAND = (
    "OLD.release_id <> NEW.release_id AND EXISTS (SELECT 1 FROM releases_release held"
    " WHERE held.id = NEW.release_id AND held.state <> 'draft')"
)


class Migration(migrations.Migration):
    dependencies = [("releases", "0003_recall")]
    operations = [
        Promise("distribution_stays_update", "releases_distribution", "UPDATE", _INTO_ONE_IN_HAND),
        Promise("change_stays_update", "releases_change", "UPDATE", _INTO_ONE_IN_HAND),
    ]
