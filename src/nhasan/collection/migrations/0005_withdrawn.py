"""What nobody has decided on may be withdrawn by the unit that sent it."""

from django.db import migrations, models

from nhasan.organisations.promises import Promise, around, frozen


class Migration(migrations.Migration):
    dependencies = [("collection", "0004_channel_undo")]
    operations = [
        *around(
            [
                *frozen("submission_content_frozen", "collection_submission", "OLD.id IS NOT NULL",
                        ("assignment_id", "sequence", "receipt", "form_version_id", "answers",
                         "computed", "findings", "digest", "submitted_at", "submitted_by_id",
                         "late")),
                Promise(
                    "submission_after_round_closed", "collection_submission", "INSERT",
                    "EXISTS (SELECT 1 FROM collection_assignment a"
                    " JOIN collection_collectionround r ON r.id = a.round_id"
                    " WHERE a.id = NEW.assignment_id AND r.state = 'closed')",
                ),
            ],
            migrations.RemoveConstraint("submission", "submission_state_known"),
            migrations.AddConstraint("submission", models.CheckConstraint(
                name="submission_state_known",
                condition=models.Q(state__in=(
                    "submitted", "approved", "returned", "reopened", "withdrawn")),
            )),
        ),
        *around(
            frozen("review_frozen", "collection_review", "OLD.id IS NOT NULL"),
            migrations.RemoveConstraint("review", "review_decision_known"),
            migrations.AddConstraint("review", models.CheckConstraint(
                name="review_decision_known",
                condition=models.Q(decision__in=(
                    "approved", "returned", "reopened", "withdrawn")),
            )),
        ),
    ]
