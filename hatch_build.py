"""Builds the compiled helper into the wheel where there is a C compiler; without one the wheel is pure Python, and slower."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE, LIBRARY = "classifier/native.c", "classifier/_native.so"


class BuildHook(BuildHookInterface[Any]):
    """hatchling's hook: compile before the wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        (root / LIBRARY).unlink(missing_ok=True)
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if self.target_name != "wheel" or compiler is None or os.name != "posix":
            return
        command = [compiler, "-O3", "-shared", "-fPIC", "-std=c11", "-Wall", "-Wextra", "-o", LIBRARY, SOURCE, "-lm"]
        if subprocess.run(command, cwd=root, check=False).returncode:
            self.app.display_warning("the compiled helper was not built; the package works without it, and slower")
            return
        build_data["artifacts"].append(LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
