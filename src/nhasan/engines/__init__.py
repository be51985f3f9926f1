"""Engines: run a plan on tables. Plans say what is meant; engines say how fast.

May import `domain` only; knows no Django, no formats and no storage.
"""

from __future__ import annotations

from importlib import import_module

from nhasan.engines.engine import Engine, UnknownEngine

_ENGINES = {"reference": "nhasan.engines.reference", "duckdb": "nhasan.engines.duckdb"}


def connect(url: str) -> Engine:
    """Return the engine behind a url: `reference:` or `duckdb:` (`duckdb:?memory_limit=2GB`)."""
    scheme, _, rest = url.partition(":")
    if scheme not in _ENGINES:
        raise UnknownEngine(url=url)
    engine: Engine = import_module(_ENGINES[scheme]).open_engine(rest)
    return engine


__all__ = ["Engine", "UnknownEngine", "connect"]
