"""What a patient does around visits: planning them, and what they bring along. Nothing of it is stored."""
