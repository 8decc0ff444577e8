"""Everything that knows HTTP: a module here is the first segment of an address, a folder of templates and a test file."""
