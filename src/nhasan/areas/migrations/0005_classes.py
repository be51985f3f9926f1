import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0004_known_from'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClassScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32)),
                ('name_vi', models.CharField(max_length=200)),
                ('kinds', models.JSONField(default=list)),
                ('note', models.TextField(default='')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code',), name='class_scheme_once')],
            },
        ),
        migrations.CreateModel(
            name='ClassDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=120)),
                ('title', models.CharField(default='', max_length=400)),
                ('signed_on', models.DateField()),
                ('source', models.CharField(default='', max_length=500)),
                ('complete_within', models.JSONField(default=list)),
                ('illustrative', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by_name', models.CharField(default='', max_length=120)),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='areas.classscheme')),
            ],
        ),
        migrations.CreateModel(
            name='AreaClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(default='', max_length=120)),
                ('kind', models.CharField(default='', max_length=16)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('basis', models.CharField(default='', max_length=120)),
                ('recorded_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='areas.classdecision')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.classscheme')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='area_class_ends_after_start')],
            },
        ),
    ]
