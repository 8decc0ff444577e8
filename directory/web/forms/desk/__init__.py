"""Forms of the verification desk, named like the pages that show them."""

"""The forms of the desk."""
