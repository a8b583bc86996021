"""Print the JSON Schema: `python -m server.manifest > docs/reference/manifest.schema.json`."""

import json
import sys

from server.manifest.schema import SCHEMA


def main() -> None:
    """Write the schema to standard output."""
    sys.stdout.write(json.dumps(SCHEMA, indent=2) + "\n")


if __name__ == "__main__":
    main()
