"""What runs a booth that nobody minds: plain rules, without a browser and without a clock."""
