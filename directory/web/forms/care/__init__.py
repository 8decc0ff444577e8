"""The forms around visits."""
