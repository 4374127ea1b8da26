"""Vetting and the record: checks, routes, certificates, clocks, counts and desks as rules."""
