from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processing", "0002_promises")]
    operations = [
        migrations.AddField("plan", "reason", models.CharField(max_length=500, default="")),
    ]
