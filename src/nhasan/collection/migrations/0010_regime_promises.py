"""An obligation in force, an event and a decision about a day are not rewritten."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen


class Migration(migrations.Migration):
    dependencies = [("collection", "0009_own_workbooks")]
    operations = [
        *frozen(
            "obligation_in_force_frozen", "collection_reportingobligation",
            "OLD.state <> 'draft'",
            ("identifier", "form_id", "reporters", "schedule", "valid_from"),
        ),
        Promise(
            "obligation_forward_only_update", "collection_reportingobligation", "UPDATE",
            "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ("
            "'draft>in_force', 'in_force>retired')",
        ),
        *frozen("obligation_event_frozen", "collection_obligationevent", "OLD.id IS NOT NULL"),
        *frozen(
            "extension_decided_frozen", "collection_extensionrequest", "OLD.state <> 'asked'",
        ),
    ]
