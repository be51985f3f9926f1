"""What is in force is not edited: neither the artefact nor what belongs to it."""

from django.db import migrations

from nhasan.organisations.promises import Promise, frozen

_NAMED = ("agency", "identifier", "version", "name_vi", "name_en", "source")


def _owned(name, table, column, owner):
    """Return promises that rows of an owner that is no draft are not added, changed, deleted."""
    settled = (
        f"EXISTS (SELECT 1 FROM {owner} owner WHERE owner.id = {{side}}.{column}"
        " AND owner.state <> 'draft')"
    )
    return [
        Promise(f"{name}_insert", table, "INSERT", settled.format(side="NEW")),
        Promise(f"{name}_update", table, "UPDATE", settled.format(side="OLD")),
        Promise(f"{name}_delete", table, "DELETE", settled.format(side="OLD")),
    ]


class Migration(migrations.Migration):
    dependencies = [("metadata", "0001_initial")]
    operations = [
        *frozen("code_list_in_force_frozen", "metadata_codelist",
                "OLD.state <> 'draft'", _NAMED),
        *frozen("indicator_set_in_force_frozen", "metadata_indicatorset",
                "OLD.state <> 'draft'", (*_NAMED, "illustrative", "completeness")),
        *frozen("correspondence_in_force_frozen", "metadata_correspondence",
                "OLD.state <> 'draft'", _NAMED),
        *frozen("data_structure_in_force_frozen", "metadata_datastructure",
                "OLD.state <> 'draft'", _NAMED),
        *frozen("dataflow_in_force_frozen", "metadata_dataflow",
                "OLD.state <> 'draft'", (*_NAMED, "description", "structure_id")),
        *_owned("code_in_force_frozen", "metadata_code", "code_list_id", "metadata_codelist"),
        *_owned("indicator_in_force_frozen", "metadata_indicator", "indicator_set_id",
                "metadata_indicatorset"),
        *_owned("component_in_force_frozen", "metadata_component", "structure_id",
                "metadata_datastructure"),
        *_owned("correspondence_item_in_force_frozen", "metadata_correspondenceitem",
                "correspondence_id", "metadata_correspondence"),
    ]
