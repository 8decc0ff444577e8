"""What programs read: the JSON interface, FHIR, and whatever else is not a page."""
