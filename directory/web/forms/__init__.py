"""Forms, named like the pages that show them."""
