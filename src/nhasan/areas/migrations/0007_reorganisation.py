import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0006_class_promises'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reorganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decree', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=300)),
                ('issuer', models.CharField(default='', max_length=200)),
                ('on', models.DateField()),
                ('source', models.CharField(default='', max_length=500)),
                ('lines', models.JSONField(default=list)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('drafted_at', models.DateTimeField()),
                ('drafted_by_name', models.CharField(default='', max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(default='', max_length=120)),
                ('enacted_at', models.DateTimeField(null=True)),
                ('change', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.areachange')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'decided', 'enacted', 'discarded'))), name='reorganisation_state_known'), models.UniqueConstraint(condition=models.Q(('state', 'discarded'), _negated=True), fields=('decree', 'on'), name='reorganisation_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'enacted'), _negated=True), ('change__isnull', False), _connector='OR'), name='reorganisation_enacted_has_change')],
            },
        ),
    ]
