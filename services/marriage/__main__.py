"""The marriage registry and its operators' commands: `python -m services.marriage --help`."""

from services.marriage.app import NAME, create_app
from services.marriage.settings import MarriageSettings
from services.marriage.store import kept_tables
from shared.operators import command_line


def main() -> None:
    """Do what the command line says; without a command, serve."""
    command_line(
        NAME, title="婚姻登记服务", settings=MarriageSettings, create=create_app, tables=kept_tables
    )()


if __name__ == "__main__":
    main()
