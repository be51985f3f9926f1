"""The clock's door: the pulse and the management commands."""
