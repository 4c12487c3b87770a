"""Make the virtual environment. Run by `make`, with the Python of the machine: needs nothing but the standard library."""

import importlib.util
import sys
import venv

NEEDED = (3, 11)


def main(folder: str) -> None:
    """Make the environment, or say in one sentence why this Python cannot."""
    if sys.version_info < NEEDED:
        sys.exit(
            f"Prizewatch needs Python {NEEDED[0]}.{NEEDED[1]} or newer; this is {sys.version.split()[0]}. "
            "Say which one to use: make PYTHON=python3.12"
        )
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv")
    venv.EnvBuilder(with_pip=True, symlinks=sys.platform != "win32").create(folder)


if __name__ == "__main__":
    main(sys.argv[1])
