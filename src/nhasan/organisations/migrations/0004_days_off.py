"""The office calendar: holidays by rule, and single days by decision."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_more_promises'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('works', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=200)),
                ('decision', models.CharField(default='', max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='HolidayRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('lunar', models.BooleanField(default=False)),
                ('month', models.IntegerField()),
                ('day', models.IntegerField()),
                ('first', models.IntegerField(default=0)),
                ('last', models.IntegerField(default=0)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('source', models.CharField(default='', max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31), ('month__gte', 1), ('month__lte', 12)), name='holiday_rule_day_possible'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='holiday_rule_days_in_order'), models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='holiday_rule_ends_after_start')],
            },
        ),
    ]
