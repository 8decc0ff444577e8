"""Where things are: distances, time zones, the shipped gazetteer, and geocoders that may be asked beside it."""
