"""A form and a submission go forward only, whoever writes."""

from django.db import migrations

from nhasan.organisations.promises import Promise

_NOT_A_STEP = "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({steps})"


class Migration(migrations.Migration):
    dependencies = [("collection", "0005_withdrawn")]
    operations = [
        Promise(
            "form_version_forward_only_update", "collection_formversion", "UPDATE",
            _NOT_A_STEP.format(steps="'draft>in_force', 'in_force>retired'"),
        ),
        Promise(
            "submission_forward_only_update", "collection_submission", "UPDATE",
            _NOT_A_STEP.format(
                steps="'submitted>approved', 'submitted>returned', 'submitted>withdrawn',"
                      " 'approved>reopened'"),
        ),
    ]
