"""What is usual among the units of a round."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collection", "0010_regime_promises")]
    operations = [
        migrations.CreateModel(
            name="UsualFigures",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_level", models.CharField(max_length=10)),
                ("cells", models.JSONField(default=dict)),
                ("reports", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("round", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="collection.collectionround")),
            ],
            options={
                "constraints": [models.UniqueConstraint(
                    fields=("round", "area_level"), name="usual_figures_once_for_level")],
            },
        ),
    ]
