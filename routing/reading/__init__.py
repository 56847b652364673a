"""Files in, frozen values or all faults out.

Owns every input format: network folders, the catalogue, orders and timetables. Knows the frozen
values it fills; knows no legs, plans or solver. ``docs/formats.md`` is printed from these models.
"""
