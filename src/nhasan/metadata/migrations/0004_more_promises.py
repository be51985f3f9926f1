"""States only go forward; what a set rests on is frozen; nothing is moved into what is settled."""

from django.db import migrations

from nhasan.organisations.promises import Promise

_TABLES = {
    "code_list": "metadata_codelist", "correspondence": "metadata_correspondence",
    "indicator_set": "metadata_indicatorset", "data_structure": "metadata_datastructure",
    "dataflow": "metadata_dataflow",
}
_OWNED = (
    ("code", "metadata_code", "code_list_id", "code_list"),
    ("indicator", "metadata_indicator", "indicator_set_id", "indicator_set"),
    ("component", "metadata_component", "structure_id", "data_structure"),
    ("correspondence_item", "metadata_correspondenceitem", "correspondence_id",
     "correspondence"),
)


def _settled(name, columns):
    """Return a promise that these columns of an artefact that is no draft do not change."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return Promise(f"{name}_update", _TABLES[name.split("_content")[0]], "UPDATE",
                   f"OLD.state <> 'draft' AND ({changed})")


class Migration(migrations.Migration):
    dependencies = [("metadata", "0003_one_in_force")]
    operations = [
        *(
            Promise(
                f"{name}_state_goes_forward_update", table, "UPDATE",
                "(OLD.state <> 'draft' AND NEW.state = 'draft')"
                " OR (OLD.state = 'retired' AND NEW.state <> 'retired')",
            )
            for name, table in _TABLES.items()
        ),
        _settled("indicator_set_content_frozen", ("decision",)),
        _settled("correspondence_content_frozen", ("from_list_id", "to_list_id")),
        _settled("dataflow_content_frozen", ("subject", "indicators", "policy", "illustrative")),
        *(
            Promise(
                f"{name}_not_moved_into_force_update", table, "UPDATE",
                f"OLD.{column} <> NEW.{column} AND EXISTS (SELECT 1 FROM {_TABLES[owner]} owner"
                f" WHERE owner.id = NEW.{column} AND owner.state <> 'draft')",
            )
            for name, table, column, owner in _OWNED
        ),
    ]
