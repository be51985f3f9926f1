"""One class for a place and a day; a class never outlives its place; what was said stays."""

from django.db import migrations

from nhasan.organisations.promises import Promise

_TABLE = "areas_areaclass"
_OVERLAPS = (
    f"NEW.replaced_at IS NULL AND EXISTS (SELECT 1 FROM {_TABLE} other"  # noqa: S608
    " WHERE other.replaced_at IS NULL AND other.id <> NEW.id"
    " AND other.scheme_id = NEW.scheme_id AND other.area_id = NEW.area_id"
    " AND other.part = NEW.part"
    " AND COALESCE(other.valid_from, '0001-01-01') < COALESCE(NEW.valid_to, '9999-12-31')"
    " AND COALESCE(NEW.valid_from, '0001-01-01') < COALESCE(other.valid_to, '9999-12-31'))"
)
_OUTLIVES = (
    "EXISTS (SELECT 1 FROM areas_area place WHERE place.id = NEW.area_id"
    " AND (COALESCE(NEW.valid_from, '0001-01-01') < COALESCE(place.valid_from, '0001-01-01')"
    " OR COALESCE(NEW.valid_to, '9999-12-31') > COALESCE(place.valid_to, '9999-12-31')))"
)
_CHANGED = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    for column in ("scheme_id", "decision_id", "area_id", "part", "kind", "valid_from",
                   "valid_to", "basis", "recorded_at")
)


class Migration(migrations.Migration):
    dependencies = [("areas", "0005_classes")]
    operations = [
        Promise("area_class_no_overlap_insert", _TABLE, "INSERT", _OVERLAPS, "AFTER",
                turns="area_class_no_overlap"),
        Promise("area_class_no_overlap_update", _TABLE, "UPDATE", _OVERLAPS, "AFTER",
                turns="area_class_no_overlap"),
        Promise("area_class_within_life_insert", _TABLE, "INSERT", _OUTLIVES),
        Promise("area_class_kept_update", _TABLE, "UPDATE",
                f"OLD.replaced_at IS NOT NULL OR {_CHANGED}"),
        Promise("area_class_kept_delete", _TABLE, "DELETE", "OLD.id IS NOT NULL"),
    ]
