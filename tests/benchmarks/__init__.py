"""Timings, as ratios side by side where there is a peer; outside the test run."""
