"""Builds the compiled parts into the wheel where there is a C compiler; without one the wheel is pure Python, and slower.

These are the helper (`classifier/native.c`) and, where mypyc and Python's headers are at hand, the modules that pyproject.toml
names as `compiled`: the same sources, as extension modules beside them. `python hatch_build.py` builds them in a checkout.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE, SOURCE, LIBRARY = "classifier", "classifier/native.c", "classifier/_native.so"
GROUP = f"{PACKAGE}.compiled"
EXTENSION = str(sysconfig.get_config_var("EXT_SUFFIX"))


class BuildHook(BuildHookInterface[Any]):
    """hatchling's hook: compile before the wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        built = build(root, self.config["compiled"])
        if not built:
            self.app.display_warning("nothing was compiled; the package works without it, and slower")
            return
        build_data["artifacts"] += built
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        python = f"cp{sys.version_info.major}{sys.version_info.minor}" if len(built) > 1 else ""
        build_data["tag"] = f"{python or 'py3'}-{python or 'none'}-{platform}"


def build(root: Path, modules: list[str]) -> list[str]:
    """Compile what can be compiled, unless it is newer than all that it is made of; returns the files, relative to `root`."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None or os.name != "posix":
        return []
    helper = [LIBRARY] if _is_current(root, [SOURCE], [LIBRARY]) or _build_helper(root, compiler) else []
    sources = [f"{PACKAGE}/{module}.py" for module in modules]
    extensions = [f"{PACKAGE}/{module}{EXTENSION}" for module in (f"{GROUP}__mypyc".partition(".")[2], *modules)]
    if not _is_current(root, sources, extensions):
        for old in (root / PACKAGE).glob("*.cpython-*.so"):
            old.unlink()
        if not _build_modules(root, sources):
            extensions = []
    return helper + extensions


def _is_current(root: Path, sources: list[str], built: list[str]) -> bool:
    if not all((root / name).exists() for name in built):
        return False
    newest = max((root / name).stat().st_mtime for name in [*sources, "hatch_build.py", "pyproject.toml"])
    return newest <= min((root / name).stat().st_mtime for name in built)


def _build_helper(root: Path, compiler: str) -> bool:
    (root / LIBRARY).unlink(missing_ok=True)
    command = [compiler, "-O3", "-shared", "-fPIC", "-std=c11", "-Wall", "-Wextra", "-o", LIBRARY, SOURCE, "-lm"]
    return subprocess.run(command, cwd=root, check=False).returncode == 0


def _build_modules(root: Path, sources: list[str]) -> bool:
    """Compile modules with mypyc, in a process of its own, for it ends the process when something is wrong."""
    code = f"import hatch_build; hatch_build.compile_modules({sources!r})"
    return subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def compile_modules(sources: list[str]) -> None:
    """Compile modules of the current folder and put the extension modules beside them."""
    from mypyc.build import mypycify  # not every installation has it
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    with tempfile.TemporaryDirectory() as folder:
        options = ["--config-file=", "--ignore-missing-imports", "--follow-imports=silent", f"--cache-dir={folder}/mypy"]
        extensions = mypycify([*options, *sources], opt_level="2", debug_level="0", group_name=GROUP, target_dir=folder)
        command = build_ext(Distribution({"ext_modules": extensions}))
        command.build_lib, command.build_temp, command.parallel = f"{folder}/lib", f"{folder}/temp", True
        command.ensure_finalized()
        command.run()
        for built in Path(folder, "lib", PACKAGE).iterdir():
            shutil.move(built, Path(PACKAGE, built.name))


if __name__ == "__main__":
    here = Path(__file__).parent
    settings = tomllib.loads((here / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    print(*build(here, settings["hooks"]["custom"]["compiled"]), sep="\n")  # noqa: T201 - a command that tells what it built
