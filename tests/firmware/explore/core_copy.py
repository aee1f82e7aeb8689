"""The node's core, read from its files: as it is, or with a text in it replaced by another.

A copy is made of modules that nobody else sees: their imports of the core are answered from the
copy itself, so that a mutant never meets the real modules, nor they it.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import firmware.core

CORE = "firmware.core"
FOLDER = Path(firmware.core.__file__).parent


@dataclass(frozen=True)
class Edit:
    """In `file` of the core, `old` (which stands there once) becomes `new`."""

    file: str
    old: str
    new: str


class CoreCopy:
    """The modules of the core, each made when it is first asked for: `copy["bay"].Bay`.

    Raises:
        LookupError: The text that an edit replaces does not stand in its file exactly once.
    """

    def __init__(self, edits: tuple[Edit, ...] = ()) -> None:
        self._modules: dict[str, ModuleType] = {}
        self._sources: dict[str, str] = {}
        for edit in edits:
            source = self._sources.get(edit.file) or _read(edit.file)
            if source.count(edit.old) != 1:
                raise LookupError(f"{edit.file} holds {source.count(edit.old)} times: {edit.old}")
            self._sources[edit.file] = source.replace(edit.old, edit.new)

    def __getitem__(self, name: str) -> Any:
        if name not in self._modules:
            module = self._modules[name] = ModuleType(f"{CORE}.{name}")
            vars(module)["__builtins__"] = vars(builtins) | {"__import__": self._import}
            file = f"{name}.py"
            source = self._sources.get(file) or _read(file)
            exec(compile(source, file, "exec"), vars(module))
        return self._modules[name]

    def _import(
        self,
        name: str,
        globals_: Any = None,
        locals_: Any = None,
        wanted: tuple[str, ...] = (),
        level: int = 0,
    ) -> Any:
        if name == CORE:
            package = ModuleType(CORE)
            vars(package).update({one: self[one] for one in wanted})
            return package
        if name.startswith(CORE + "."):
            return self[name.removeprefix(CORE + ".")]
        return __import__(name, globals_, locals_, wanted, level)


@cache
def _read(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")
