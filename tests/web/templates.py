"""The product's templates, compiled once for all applications of a process.

Every application keeps what it compiled in a folder of its own, so each would read, parse and compile several dozen
templates anew for the few pages that a test asks for. What a template compiles to hangs on its words, and on filters
and functions of the product that are the same for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.http import template_cache

if TYPE_CHECKING:
    from types import CodeType

    import pytest
    from jinja2.bccache import Bucket

_load, _dump = template_cache._Kept.load_bytecode, template_cache._Kept.dump_bytecode
_compiled: dict[tuple[str, str], CodeType] = {}


def compile_each_once() -> None:
    """Let every application made from now on use what was compiled for another one."""
    template_cache._Kept.load_bytecode = _known  # type: ignore[method-assign]
    template_cache._Kept.dump_bytecode = _remembered  # type: ignore[method-assign]


def compile_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the applications of this test find only what lies in their folders."""
    monkeypatch.setattr(template_cache._Kept, "load_bytecode", _load)
    monkeypatch.setattr(template_cache._Kept, "dump_bytecode", _dump)


def _known(cache: template_cache._Kept, bucket: Bucket) -> None:
    bucket.code = _compiled.get((bucket.key, bucket.checksum))
    if bucket.code is None:
        _load(cache, bucket)


def _remembered(cache: template_cache._Kept, bucket: Bucket) -> None:
    if bucket.code is not None:
        _compiled[bucket.key, bucket.checksum] = bucket.code
    _dump(cache, bucket)
