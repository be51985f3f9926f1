"""A save that takes another one back says so."""

from django.db import migrations, models

from nhasan.organisations.promises import around, frozen


class Migration(migrations.Migration):
    dependencies = [("collection", "0003_attachment_cells")]
    operations = around(
        frozen("revision_frozen", "collection_revision", "OLD.id IS NOT NULL"),
        migrations.RemoveConstraint("revision", "revision_channel_known"),
        migrations.AddConstraint("revision", models.CheckConstraint(
            name="revision_channel_known",
            condition=models.Q(channel__in=("screen", "workbook", "loader", "undo")),
        )),
    )
