"""What the product is measured by, side by side in one run: ``make bench``. Nothing here is collected by pytest, and no
test asserts a time."""
