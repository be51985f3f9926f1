"""How far two readings agree is said in words of more than sixteen letters."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0002_promises'),
    ]

    operations = [
        migrations.AlterField(
            model_name='arealink',
            name='agreement',
            field=models.CharField(default='', max_length=64),
        ),
    ]
