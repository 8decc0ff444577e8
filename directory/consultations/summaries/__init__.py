"""What a patient hands to the one with whom a talk is agreed: for a time they choose, taken back whenever they like."""
