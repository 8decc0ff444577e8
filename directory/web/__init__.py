"""Everything that knows HTTP. A page's module, the first segment of its address and its templates share one name."""
