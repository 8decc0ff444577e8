"""What decisions do to papers, covers, declarations, photos, wishes and people: the kinds that are decided here."""
