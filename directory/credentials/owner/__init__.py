"""What practitioners do with their own papers and declarations. Nothing here makes any of them count."""
