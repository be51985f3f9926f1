"""Two versions of one code never stand on the same day; nor two jurisdictions of one unit."""

from django.db import migrations

from nhasan.organisations.promises import no_overlap


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]
    operations = [
        *no_overlap("area_no_overlap", "areas_area", ("level", "code")),
        *no_overlap("jurisdiction_no_overlap", "areas_jurisdiction", ("unit_id", "level", "code")),
    ]
