"""Sorties as 4D volumes for others to see, and others' volumes for us to keep clear of.

ASTM F3548-21 (UTM interoperability): operational intents and strategic conflict detection. Does
not talk to any service: files in, files out.
"""
