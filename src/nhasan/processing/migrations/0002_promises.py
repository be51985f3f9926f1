"""What a finished run took and gave is never changed, and a run is never forgotten."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen

_ASKED = ("id", "unit_id", "dataflow", "as_of", "requested_at", "requested_by")


class Migration(migrations.Migration):
    dependencies = [("processing", "0001_initial")]
    operations = [
        *frozen("processing_run_kept", "processing_processingrun", "OLD.id IS NOT NULL", _ASKED),
        Promise(
            "processing_run_done_update", "processing_processingrun", "UPDATE",
            "OLD.state = 'done'",
        ),
    ]
