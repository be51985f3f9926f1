"""Who looks at a report at each moment, and whether its signed paper says the same."""

import django.db.models.deletion
from django.db import migrations, models

from nhasan.organisations.promises import frozen


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0007_regime'),
        ('organisations', '0003_more_promises'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='reader',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisationunit'),
        ),
        migrations.CreateModel(
            name='PaperCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrees', models.BooleanField()),
                ('note', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=120)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='collection.attachment')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_checks', to='collection.submission')),
            ],
        ),
        migrations.RunSQL(
            "UPDATE collection_assignment SET reader_id = receiver_id WHERE state = 'submitted'",
            migrations.RunSQL.noop,
        ),
        *frozen("figure_level_frozen", "collection_figurelevel", "OLD.id IS NOT NULL"),
        *frozen("paper_check_frozen", "collection_papercheck", "OLD.id IS NOT NULL"),
    ]
