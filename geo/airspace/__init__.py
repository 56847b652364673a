"""Airspace files: ED-318, ED-269, GeoJSON, KML and OpenAir in, ED-318 out.

Readers are tolerant, the model is strict: what cannot be understood is read on the safe side or
left out, and either way named as a ``geo.findings.Finding`` with its feature. Knows no paths.
"""
