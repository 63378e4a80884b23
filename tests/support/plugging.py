"""Installs plugins for a test: modules with the entry points that pip would write beside them."""

from pathlib import Path


def install(folder: Path, name: str, module: str, source: str, version: str = "1.0") -> None:
    """Put a module into a folder, and what pip makes of its project (packaging: dist-info).

    Args:
        folder: takes the place of site-packages.
        name: of the entry point.
        module: name of the module.
        source: its text.
        version: of the project.

    """
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    info = folder / f"{module}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    points = f"[confluence_changelog]\n{name} = {module}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
