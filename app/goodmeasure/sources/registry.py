"""The sources there are, found by walking this package: adding one adds a module and nothing else."""

import importlib
import pkgutil
from functools import cache

import goodmeasure.sources
from goodmeasure.sources.base import Source

_NOT_SOURCES = frozenset({"base", "registry"})


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every source in order of its key; also in a frozen app whose build collected this package's modules."""
    names = (module.name for module in pkgutil.iter_modules(goodmeasure.sources.__path__))
    modules = (
        importlib.import_module(f"goodmeasure.sources.{name}")
        for name in names
        if name not in _NOT_SOURCES and not name.startswith("_")
    )
    found: list[Source] = [module.SOURCE for module in modules]
    return tuple(sorted(found, key=lambda source: source.key))
