"""The product's addresses, compiled once for all applications of a process.

Werkzeug writes and compiles two functions for each of several hundred rules, which is nearly all that making an
application costs; many tests make one of their own. What such a function does hangs on its rule alone: the converters
it uses are looked up in the rule that it is bound to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

_compile = Rule._compile_builder
_compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def compile_each_once() -> None:
    """Let every application made from now on use what was compiled for another one."""
    Rule._compile_builder = _once


def _once(rule: Rule, append_unknown: bool = True) -> Any:
    if rule.defaults:
        return _compile(rule, append_unknown)
    what = (rule.rule, append_unknown, *rule._trace)
    if what not in _compiled:
        _compiled[what] = _compile(rule, append_unknown)
    return _compiled[what]
