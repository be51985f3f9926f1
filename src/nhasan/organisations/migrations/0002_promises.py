"""The audit trail is append-only: a line may be sealed once, and that is all."""

from django.db import migrations

from nhasan.organisations.promises import Promise

_CONTENT = ("at", "actor", "actor_name", "unit_path", "action", "subject_type", "subject_id")
_CHANGED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _CONTENT)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        Promise(
            "audit_event_append_only_update", "organisations_auditevent", "UPDATE",
            f"{_CHANGED} OR OLD.digest IS NOT NULL",
        ),
        Promise(
            "audit_event_append_only_delete", "organisations_auditevent", "DELETE",
            "OLD.id IS NOT NULL",
        ),
    ]
