"""Run the command line as ``python -m confluence_changelog``."""

from confluence_changelog.cli import program

if __name__ == "__main__":
    program()
