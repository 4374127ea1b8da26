"""Pages of vetting."""
