"""An approval may be taken back until the release is said; its content stays frozen."""

from django.db import migrations

from nhasan.organisations.promises import Promise, Trigger, frozen

_RELEASE = "releases_release"
_CONTENT = (
    "id", "unit_id", "agency", "identifier", "version", "dataflow", "title_vi", "notes", "run_id",
    "manifest", "content", "illustrative", "drafted_at", "drafted_by", "drafted_by_name",
)
_APPROVAL = ("approved_at", "approved_by", "approved_by_name", "publish_on")
_FORWARD = (
    "OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({steps})"
)


def _before() -> list[Promise]:
    return [
        *frozen("release_frozen", _RELEASE, "OLD.state <> 'draft'", (*_CONTENT, *_APPROVAL)),
        Promise("release_forward_only_update", _RELEASE, "UPDATE", _FORWARD.format(
            steps="'draft>approved', 'approved>published', 'published>withdrawn'")),
    ]


def _after() -> list[Promise]:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _APPROVAL)
    renewed = [
        *frozen("release_frozen", _RELEASE, "OLD.state <> 'draft'", _CONTENT),
        Promise("release_forward_only_update", _RELEASE, "UPDATE", _FORWARD.format(
            steps="'draft>approved', 'approved>draft', 'approved>published',"
                  " 'published>withdrawn'")),
    ]
    for each in renewed:
        each.again = True
    return [
        *renewed,
        Promise(
            "release_approval_frozen_update", _RELEASE, "UPDATE",
            "OLD.state <> 'draft' AND NOT (OLD.state = 'approved' AND NEW.state = 'draft')"
            f" AND ({changed})",
        ),
    ]


def _laid_down(promises: list[Promise]) -> list[Trigger]:
    return [Trigger(each.reverse_code, each.code) for each in promises]


class Migration(migrations.Migration):
    dependencies = [("releases", "0002_promises")]
    operations = [*_laid_down(_before()), *_after()]
