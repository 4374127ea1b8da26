"""The judges: one module for each area; every module here is loaded with the package."""

from __future__ import annotations

import importlib
import pkgutil

from bole.engine.matters.judgement import REGISTERED, Judge

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["REGISTERED", "Judge"]
