"""The `qryvanta` command."""

from server.commands import qryvanta


def main() -> None:
    """Run the command line."""
    qryvanta(prog_name="qryvanta")


if __name__ == "__main__":
    main()
