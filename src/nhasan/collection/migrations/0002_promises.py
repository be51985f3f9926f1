"""What was published, submitted or decided never changes."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen


class Migration(migrations.Migration):
    dependencies = [("collection", "0001_initial")]
    operations = [
        *frozen("form_version_in_force_frozen", "collection_formversion",
                "OLD.state <> 'draft'", ("form_id", "version", "definition", "published_at")),
        *frozen("submission_content_frozen", "collection_submission", "OLD.id IS NOT NULL",
                ("assignment_id", "sequence", "receipt", "form_version_id", "answers",
                 "computed", "findings", "digest", "submitted_at", "submitted_by_id", "late")),
        *frozen("revision_frozen", "collection_revision", "OLD.id IS NOT NULL"),
        *frozen("review_frozen", "collection_review", "OLD.id IS NOT NULL"),
        *frozen("attachment_frozen", "collection_attachment", "OLD.id IS NOT NULL",
                ("assignment_id", "name", "digest", "size", "uploaded_at", "uploaded_by")),
        Promise(
            "submission_after_round_closed", "collection_submission", "INSERT",
            "EXISTS (SELECT 1 FROM collection_assignment a JOIN collection_collectionround r"
            " ON r.id = a.round_id WHERE a.id = NEW.assignment_id AND r.state = 'closed')",
        ),
    ]
