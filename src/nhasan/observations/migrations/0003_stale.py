"""Batches that changed wait until what is computed from them knows it; all do at first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0002_promises")]
    operations = [
        migrations.AddField("batch", "stale_at", models.DateTimeField(null=True)),
        migrations.AddIndex("batch", models.Index(
            fields=["-stale_at"], name="batch_stale",
            condition=models.Q(stale_at__isnull=False),
        )),
        migrations.RunSQL(
            "UPDATE observations_batch SET stale_at = known_from", migrations.RunSQL.noop),
    ]
