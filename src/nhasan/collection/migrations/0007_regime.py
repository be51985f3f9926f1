"""The reporting regime: obligations, events, extensions, notes, stages, mappings."""

import django.db.models.deletion
from django.db import migrations, models

from nhasan.organisations.promises import Promise, around, frozen

_PROMISES = [
    *frozen("submission_content_frozen", "collection_submission", "OLD.id IS NOT NULL",
            ("assignment_id", "sequence", "receipt", "form_version_id", "answers",
             "computed", "findings", "digest", "submitted_at", "submitted_by_id", "late")),
    # Who was named as an exception may still send after the round was locked.
    Promise(
        "submission_after_round_closed", "collection_submission", "INSERT",
        "EXISTS (SELECT 1 FROM collection_assignment a JOIN collection_collectionround r"
        " ON r.id = a.round_id WHERE a.id = NEW.assignment_id AND r.state = 'closed'"
        " AND a.exception_until IS NULL)",
    ),
    Promise(
        "submission_forward_only_update", "collection_submission", "UPDATE",
        "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ("
        "'submitted>approved', 'submitted>returned', 'submitted>withdrawn', 'approved>reopened')",
    ),
    *frozen("revision_frozen", "collection_revision", "OLD.id IS NOT NULL"),
    *frozen("review_frozen", "collection_review", "OLD.id IS NOT NULL"),
    *frozen("attachment_frozen", "collection_attachment", "OLD.id IS NOT NULL",
            ("assignment_id", "name", "digest", "size", "uploaded_at", "uploaded_by", "kind",
             "cell")),
]


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0006_forward_only'),
        ('organisations', '0003_more_promises'),
    ]

    operations = around(
        _PROMISES,
        migrations.CreateModel(
            name='CellNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cell', models.CharField(max_length=160)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='ExtensionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField()),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by_name', models.CharField(max_length=120)),
                ('state', models.CharField(default='asked', max_length=10)),
                ('decided_until', models.DateField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(default='', max_length=120)),
                ('note', models.TextField(default='')),
            ],
        ),
        migrations.CreateModel(
            name='FigureLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(max_length=12)),
                ('note', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='ObligationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('on', models.DateField()),
                ('period', models.CharField(max_length=16)),
                ('document', models.CharField(default='', max_length=300)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='ReportingObligation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=64, unique=True)),
                ('title_vi', models.CharField(max_length=300)),
                ('legal_basis', models.CharField(default='', max_length=400)),
                ('reporters', models.JSONField(default=dict)),
                ('schedule', models.JSONField(default=dict)),
                ('reminders', models.JSONField(default=dict)),
                ('stages', models.JSONField(default=list)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('illustrative', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='WorkbookMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('mapping', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('made_by_name', models.CharField(max_length=120)),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint('assignment', 'assignment_state_known'),
        migrations.RemoveConstraint('review', 'review_decision_known'),
        migrations.RemoveConstraint('revision', 'revision_channel_known'),
        migrations.AddField(
            model_name='assignment',
            name='exception_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='first_sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='handed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='handed_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisationunit'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='stage',
            field=models.CharField(default='', max_length=24),
        ),
        migrations.AddField(
            model_name='attachment',
            name='cell',
            field=models.CharField(default='', max_length=160),
        ),
        migrations.AddField(
            model_name='attachment',
            name='kind',
            field=models.CharField(default='workbook', max_length=10),
        ),
        migrations.AddField(
            model_name='collectionround',
            name='ad_hoc',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='collectionround',
            name='event_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='collectionround',
            name='window_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='collectionround',
            name='window_to',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='review',
            name='stage',
            field=models.CharField(default='', max_length=24),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('not_started', 'in_progress', 'submitted', 'returned', 'approved', 'taken_back'))), name='assignment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('workbook', 'signed', 'evidence'))), name='attachment_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ('approved', 'passed_on', 'returned', 'reopened', 'withdrawn'))), name='review_decision_known'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ('screen', 'workbook', 'loader', 'undo', 'offline', 'carried', 'mapped'))), name='revision_channel_known'),
        ),
        migrations.AddField(
            model_name='cellnote',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collection.assignment'),
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.user'),
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collection.assignment'),
        ),
        migrations.AddField(
            model_name='figurelevel',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='collection.submission'),
        ),
        migrations.AddField(
            model_name='reportingobligation',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='collection.form'),
        ),
        migrations.AddField(
            model_name='reportingobligation',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisationunit'),
        ),
        migrations.AddField(
            model_name='obligationevent',
            name='obligation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='collection.reportingobligation'),
        ),
        migrations.AddField(
            model_name='collectionround',
            name='obligation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='collection.reportingobligation'),
        ),
        migrations.AddConstraint(
            model_name='collectionround',
            constraint=models.UniqueConstraint(condition=models.Q(('obligation__isnull', False)), fields=('obligation', 'period'), name='round_once_for_period'),
        ),
        migrations.AddConstraint(
            model_name='collectionround',
            constraint=models.CheckConstraint(condition=models.Q(('window_from__isnull', True), ('window_to__isnull', True), ('window_to__gte', models.F('window_from')), _connector='OR'), name='round_window_in_order'),
        ),
        migrations.AddField(
            model_name='workbookmapping',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collection.form'),
        ),
        migrations.AddField(
            model_name='workbookmapping',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisationunit'),
        ),
        migrations.AddConstraint(
            model_name='cellnote',
            constraint=models.UniqueConstraint(fields=('assignment', 'cell'), name='cell_note_once'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'granted', 'refused', 'withdrawn'))), name='extension_state_known'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('assignment',), name='extension_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='figurelevel',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ('estimate', 'provisional', 'official'))), name='figure_level_known'),
        ),
        migrations.AddConstraint(
            model_name='reportingobligation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'in_force', 'retired'))), name='obligation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reportingobligation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='obligation_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='obligationevent',
            constraint=models.UniqueConstraint(fields=('obligation', 'name', 'period'), name='obligation_event_once'),
        ),
        migrations.AddConstraint(
            model_name='workbookmapping',
            constraint=models.UniqueConstraint(fields=('unit', 'form', 'fingerprint'), name='workbook_mapping_once'),
        ),
    )
