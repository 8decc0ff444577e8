"""Names of demonstration people: many, of many origins and lengths."""

from __future__ import annotations

from random import Random

from directory.cli.demo.names import Names


def test_names_are_of_many_origins() -> None:
    names = Names()
    random = Random(1)
    dealt = {names.deal("US", "US-OR", random).text for _ in range(3000)}
    assert len(dealt) > 2950
    assert any("֐" <= sign <= "ۿ" for name in dealt for sign in name)
    assert any("’" in name for name in dealt)
    assert max(map(len, dealt)) > 30
