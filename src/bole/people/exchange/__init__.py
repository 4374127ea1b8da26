"""Files that cadre offices exchange."""
