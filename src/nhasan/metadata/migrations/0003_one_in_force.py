"""One version of an artefact is in force at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metadata', '0002_promises'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='codelist',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='code_list_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='correspondence',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='correspondence_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='dataflow',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='dataflow_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='datastructure',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='data_structure_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='indicatorset',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('agency', 'identifier'), name='indicator_set_one_in_force'),
        ),
    ]
