"""What answers hold. Field by field, so that nothing is ever sent because it happened to be there."""
