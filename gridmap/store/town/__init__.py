"""Records of the town's own work: tasks, disputes, contracts, meetings, windows."""
