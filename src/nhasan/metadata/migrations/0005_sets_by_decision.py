"""Sets by decision: whose they are, what they rest on, what they changed; the full sheet; breaks."""

import django.db.models.deletion
from django.db import migrations, models

from nhasan.organisations.promises import Promise, around, frozen

_SETS, _INDICATORS = "metadata_indicatorset", "metadata_indicator"
_NAMED = ("agency", "identifier", "version", "name_vi", "name_en", "source")


def _settled(side):
    return (
        f"EXISTS (SELECT 1 FROM {_SETS} owner WHERE owner.id = {side}.indicator_set_id"
        " AND owner.state <> 'draft')"
    )


# Laid down while their tables change, and taken up again as they were.
_PROMISES = [
    *frozen("indicator_set_in_force_frozen", _SETS, "OLD.state <> 'draft'",
            (*_NAMED, "illustrative", "completeness")),
    Promise("indicator_set_state_goes_forward_update", _SETS, "UPDATE",
            "(OLD.state <> 'draft' AND NEW.state = 'draft')"
            " OR (OLD.state = 'retired' AND NEW.state <> 'retired')"),
    Promise("indicator_set_content_frozen_update", _SETS, "UPDATE",
            "OLD.state <> 'draft' AND (OLD.decision IS DISTINCT FROM NEW.decision)"),
    Promise("indicator_in_force_frozen_insert", _INDICATORS, "INSERT", _settled("NEW")),
    Promise("indicator_in_force_frozen_update", _INDICATORS, "UPDATE", _settled("OLD")),
    Promise("indicator_in_force_frozen_delete", _INDICATORS, "DELETE", _settled("OLD")),
    Promise("indicator_not_moved_into_force_update", _INDICATORS, "UPDATE",
            "OLD.indicator_set_id <> NEW.indicator_set_id AND " + _settled("NEW")),
]

_OTHER_OWNER = (
    f"EXISTS (SELECT 1 FROM {_SETS} other WHERE other.identifier = NEW.identifier"
    " AND other.id <> NEW.id AND other.unit_id IS DISTINCT FROM NEW.unit_id)"
)
_KEPT = ("unit_id", "document_digest", "document_name", "amends", "difference", "impact")


def _text(name):
    return migrations.AddField('indicator', name, models.TextField(default=''))


def _line(name, length):
    return migrations.AddField('indicator', name, models.CharField(default='', max_length=length))


class Migration(migrations.Migration):

    dependencies = [
        ('metadata', '0004_more_promises'),
        ('organisations', '0003_more_promises'),
    ]

    operations = [
        *around(
            _PROMISES,
            migrations.AddField('indicatorset', 'unit', models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+',
                to='organisations.organisationunit')),
            migrations.AddField('indicatorset', 'document_digest', models.CharField(
                default='', max_length=64)),
            migrations.AddField('indicatorset', 'document_name', models.CharField(
                default='', max_length=200)),
            migrations.AddField('indicatorset', 'amends', models.CharField(
                default='', max_length=24)),
            migrations.AddField('indicatorset', 'difference', models.JSONField(default=dict)),
            migrations.AddField('indicatorset', 'impact', models.JSONField(default=dict)),
            _text('concept'), _text('method'), _text('data_source'), _text('formula'),
            _text('break_words'), _line('lead_agency', 400), _line('coordinating', 400),
            _line('replaces', 40), _line('correspondence', 64),
            migrations.AddField('indicator', 'breakdowns', models.JSONField(default=list)),
        ),
        migrations.CreateModel(
            name='SeriesBreak',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('before_version', models.CharField(max_length=24)),
                ('before_key', models.CharField(max_length=40)),
                ('on', models.DateField(null=True)),
                ('kind', models.CharField(max_length=12)),
                ('changed', models.JSONField(default=list)),
                ('words', models.TextField(default='')),
                ('correspondence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metadata.correspondence')),
                ('indicator_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaks', to='metadata.indicatorset')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('indicator_set', 'key'), name='series_break_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ('redefined', 'unit', 'breakdown', 'recoded'))), name='series_break_kind_known'),
                ],
            },
        ),
        *frozen("indicator_set_basis_frozen", _SETS, "OLD.state <> 'draft'", _KEPT)[:1],
        Promise("indicator_set_one_owner_insert", _SETS, "INSERT", _OTHER_OWNER, "AFTER"),
        Promise("indicator_set_one_owner_update", _SETS, "UPDATE", _OTHER_OWNER, "AFTER"),
        *frozen("series_break_frozen", "metadata_seriesbreak", "OLD.id IS NOT NULL"),
    ]
