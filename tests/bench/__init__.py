"""What things cost, as ratios within one run: seconds on a shared machine say little."""
