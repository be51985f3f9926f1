from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("areas", "0003_agreement_in_full")]
    operations = [migrations.AddField("area", "known_from", models.DateField(null=True))]
