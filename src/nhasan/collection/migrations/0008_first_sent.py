"""When each report was first sent is written down for those that were sent before."""

from django.db import migrations

_FILL = """
UPDATE collection_assignment SET first_sent_at = (
    SELECT MIN(s.submitted_at) FROM collection_submission s
    WHERE s.assignment_id = collection_assignment.id)
WHERE first_sent_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("collection", "0007_regime")]
    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
