"""Compiles the engine in C while a wheel or an editable install is made; where that is not possible, the package goes on without it."""

import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "envterms.engine._native"


class CompileEngine(BuildHookInterface[Any]):
    """Builds the module in place, where an editable install finds it, and adds it to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling; `version` is the kind of wheel."""
        compiled = self._compile()
        if compiled is not None and version != "editable":
            build_data["force_include"][str(compiled)] = f"envterms/engine/{compiled.name}"
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"cp311-abi3-{platform}"

    def _compile(self) -> Path | None:
        from setuptools import Distribution, Extension

        files, headers = (sorted(str(file) for file in Path("envterms/engine/c").glob(kind)) for kind in ("*.c", "*.h"))
        extension = Extension(NAME, files, depends=headers, py_limited_api=True)
        command: Any = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
        command.inplace = True
        with TemporaryDirectory() as folder:
            command.build_lib = command.build_temp = folder
            try:
                command.ensure_finalized()
                command.run()
            except Exception as error:  # whatever a compiler, or that there is none, may bring about
                self.app.display_warning(f"envterms goes on without its engine in C: {error}")
                return None
        return Path(self.root, command.get_ext_fullpath(NAME))
