"""Batch steps over the register and their command line: import, demo, marts, export, check, backup, restore."""
