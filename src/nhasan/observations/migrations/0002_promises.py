"""An observation is superseded, never changed or erased."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen

_CONTENT = (
    "batch_id", "dataflow", "indicator", "area_level", "area_code", "period", "breakdown",
    "value", "decimals", "status", "cell", "known_from",
)


class Migration(migrations.Migration):
    dependencies = [("observations", "0001_initial")]
    operations = [
        *frozen("observation_frozen", "observations_observation", "OLD.id IS NOT NULL", _CONTENT),
        Promise(
            "observation_superseded_once_update", "observations_observation", "UPDATE",
            "OLD.known_to IS NOT NULL",
        ),
        *frozen("batch_frozen", "observations_batch", "OLD.id IS NOT NULL",
                ("submission_id", "dataflow", "known_from", "size")),
    ]
