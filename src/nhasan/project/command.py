"""The command `nhasan`: Django's commands with the settings of the house."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a management command, for example `nhasan verify demo`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhasan.project.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
