"""Pages of cadres: the list, one file, one's own file, imports and exports."""
