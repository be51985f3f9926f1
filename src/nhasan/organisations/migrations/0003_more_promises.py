"""A role is held once at a time; what an act was about is not rewritten before its seal."""

from django.db import migrations

from nhasan.organisations.promises import Promise, no_overlap


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_promises")]
    operations = [
        *no_overlap(
            "role_assignment_no_overlap", "organisations_roleassignment",
            ("user_id", "role", "unit_id"),
        ),
        Promise(
            "audit_event_facts_frozen_update", "organisations_auditevent", "UPDATE",
            "OLD.facts IS DISTINCT FROM NEW.facts",
        ),
    ]
