"""The funeral service and its operators' commands: `python -m services.funeral --help`."""

from services.funeral.app import NAME, create_app
from services.funeral.settings import FuneralSettings
from services.funeral.store import kept_tables
from shared.operators import command_line


def main() -> None:
    """Do what the command line says; without a command, serve."""
    command_line(
        NAME, title="殡葬服务服务", settings=FuneralSettings, create=create_app, tables=kept_tables
    )()


if __name__ == "__main__":
    main()
