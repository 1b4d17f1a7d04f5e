"""Ways to walk downhill, and what decides which is fastest."""
