"""What other programs are told: the layer above the pages."""
