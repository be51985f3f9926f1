"""A unit's own workbooks, and workbooks with several forms."""

import django.db.models.deletion
from django.db import migrations, models

from nhasan.organisations.promises import around, frozen

_PROMISES = [
    *frozen("attachment_frozen", "collection_attachment", "OLD.id IS NOT NULL",
            ("assignment_id", "name", "digest", "size", "uploaded_at", "uploaded_by", "kind",
             "cell")),
]


class Migration(migrations.Migration):

    dependencies = [
        ("collection", "0008_first_sent"),
        ("collection", "0008_review_stages"),
        ("organisations", "0003_more_promises"),
    ]

    operations = [
        *around(
            _PROMISES,
            migrations.RemoveConstraint(
                model_name="attachment", name="attachment_kind_known"),
            migrations.AddConstraint(
                model_name="attachment",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("kind__in", ("workbook", "signed", "evidence", "own"))),
                    name="attachment_kind_known"),
            ),
        ),
        migrations.CreateModel(
            name="WorkbookUpload",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by", models.CharField(max_length=64)),
                ("parts", models.JSONField()),
                ("unit", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="organisations.organisationunit")),
            ],
        ),
    ]
