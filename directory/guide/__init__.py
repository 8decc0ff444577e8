"""What the service itself says about health: sentences, numbers to call, and the sources they rest on."""
