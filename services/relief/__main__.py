"""Relief and its operators' commands: `python -m services.relief --help`."""

from services.relief.app import NAME, create_app
from services.relief.settings import ReliefSettings
from services.relief.store import kept_tables
from shared.operators import command_line


def main() -> None:
    """Do what the command line says; without a command, serve."""
    command_line(
        NAME, title="社会救助服务", settings=ReliefSettings, create=create_app, tables=kept_tables
    )()


if __name__ == "__main__":
    main()
