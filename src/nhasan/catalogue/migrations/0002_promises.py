"""A record that was issued keeps its dataset and its day; its state only goes forward."""

from django.db import migrations, models

from nhasan.organisations.promises import Promise, frozen


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="cataloguerecord",
            constraint=models.CheckConstraint(
                name="catalogue_record_issued_has_a_day",
                condition=models.Q(("state", "proposed"), ("issued_at__isnull", False),
                                   _connector="OR"),
            ),
        ),
        Promise(
            "catalogue_record_state_goes_forward_update", "catalogue_cataloguerecord", "UPDATE",
            "(OLD.state <> 'proposed' AND NEW.state = 'proposed')"
            " OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')",
        ),
        *frozen(
            "catalogue_record_issued_frozen", "catalogue_cataloguerecord",
            "OLD.state <> 'proposed'", ("unit_id", "dataset_id", "proposed_at", "issued_at"),
        ),
    ]
