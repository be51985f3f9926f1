"""A reorganisation goes forward only, and what was enacted is not rewritten."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen


class Migration(migrations.Migration):
    dependencies = [("areas", "0007_reorganisation")]
    operations = [
        Promise(
            "reorganisation_forward_only_update", "areas_reorganisation", "UPDATE",
            "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ("
            "'draft>decided', 'draft>discarded', 'decided>draft', 'decided>enacted')",
        ),
        *frozen(
            "reorganisation_settled_frozen", "areas_reorganisation", "OLD.state <> 'draft'",
            ("decree", "title", '"on"', "lines"),
        ),
    ]
