"""Criteria of decrees, as data that is frozen once in force."""

from django.db import migrations, models

from nhasan.organisations.promises import Promise, frozen

_TABLE = "metadata_criteriaset"
_CONTENT = ("agency", "identifier", "version", "name_vi", "name_en", "source", "about",
            "legal_basis", "note", "form", "rules")


class Migration(migrations.Migration):

    dependencies = [
        ('metadata', '0005_sets_by_decision'),
    ]

    operations = [
        migrations.CreateModel(
            name='CriteriaSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=32)),
                ('identifier', models.CharField(max_length=64)),
                ('version', models.CharField(max_length=24)),
                ('name_vi', models.CharField(max_length=400)),
                ('name_en', models.CharField(default='', max_length=400)),
                ('source', models.TextField(default='')),
                ('state', models.CharField(default='draft', max_length=10)),
                ('in_force_from', models.DateField(null=True)),
                ('in_force_to', models.DateField(null=True)),
                ('about', models.CharField(max_length=16)),
                ('legal_basis', models.CharField(max_length=400)),
                ('note', models.TextField(default='')),
                ('form', models.CharField(default='', max_length=64)),
                ('rules', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'identifier', 'version'), name='criteria_set_named_once'), models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'in_force', 'retired'))), name='criteria_set_state_known'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='criteria_set_one_in_force'), models.CheckConstraint(condition=models.Q(('about__in', ('commune', 'village', 'province', 'ethnic_group'))), name='criteria_set_subject_known')],
            },
        ),
        Promise(
            "criteria_set_state_goes_forward_update", _TABLE, "UPDATE",
            "(OLD.state <> 'draft' AND NEW.state = 'draft')"
            " OR (OLD.state = 'retired' AND NEW.state <> 'retired')",
        ),
        *frozen("criteria_set_in_force_frozen", _TABLE, "OLD.state <> 'draft'", _CONTENT),
    ]
