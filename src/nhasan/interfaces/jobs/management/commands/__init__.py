"""Management commands: one file a command."""
