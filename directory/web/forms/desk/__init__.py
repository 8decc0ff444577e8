"""The forms of the desk, named like the pages that show them."""
