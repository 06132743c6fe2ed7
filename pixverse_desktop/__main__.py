"""The program's door: reads the command line before anything heavy is loaded."""

import io
import sys
from collections.abc import Sequence

from pixverse_desktop.cli.arguments import parse_arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with ``arguments`` (usually those of the process); the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what people typed may be in a script this terminal lacks
            stream.reconfigure(errors="backslashreplace")
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    from pixverse_desktop import app

    return app.run(options)


if __name__ == "__main__":
    sys.exit(main())
