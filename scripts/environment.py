"""Make the virtual environment. Run by `make` with a Python of the machine: needs nothing but the standard library."""

import importlib.util
import shutil
import sys

NEEDED = (3, 11)


def main(folder: str) -> None:
    """Make the environment, or say in one sentence why this Python cannot."""
    if sys.version_info < NEEDED:
        sys.exit(
            f"Prizewatch needs Python {NEEDED[0]}.{NEEDED[1]} or newer; {sys.executable} is {sys.version.split()[0]}. "
            "Install a newer one, or name it: make run PYTHON=/path/to/python3"
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv")
    import venv

    try:
        venv.EnvBuilder(with_pip=True, symlinks=sys.platform != "win32").create(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half an environment would look like a whole one
        raise


if __name__ == "__main__":
    main(sys.argv[1])
