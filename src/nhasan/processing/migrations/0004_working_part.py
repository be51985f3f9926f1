"""Which files of the working cube are in use."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_promises"), ("processing", "0003_plan_reason")]
    operations = [
        migrations.CreateModel(
            name="WorkingPart",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataflow", models.CharField(max_length=64)),
                ("period", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("units", models.JSONField(default=list)),
                ("rows", models.IntegerField()),
                ("written_at", models.DateTimeField()),
                ("receiver", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="organisations.organisationunit")),
            ],
            options={"constraints": [models.UniqueConstraint(
                fields=("dataflow", "period", "receiver"), name="working_part_once")]},
        ),
    ]
