"""How much of a split area went to each heir, by documents; what was said is not rewritten."""

import django.db.models.deletion
from django.db import migrations, models

from nhasan.organisations.promises import frozen


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0008_reorganisation_promises'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShareDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=200)),
                ('source', models.CharField(default='', max_length=500)),
                ('illustrative', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by_name', models.CharField(default='', max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='AreaShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numerator', models.BigIntegerField()),
                ('denominator', models.BigIntegerField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='areas.arealink')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='areas.sharedecision')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('denominator__gt', 0), ('numerator__gte', 0), ('numerator__lte', models.F('denominator'))), name='area_share_within_whole'), models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('link',), name='area_share_once')],
            },
        ),
        *frozen(
            "area_share_frozen", "areas_areashare", "1 = 1",
            ("numerator", "denominator", "link_id", "decision_id"),
        ),
        *frozen("area_share_decision_frozen", "areas_sharedecision", "1 = 1"),
    ]
