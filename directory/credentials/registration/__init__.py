"""How somebody comes onto the list: step by step, with what is still missing, until they hand it in."""
