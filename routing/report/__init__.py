"""What people read: plan files' companions, sheets, timeline, summary and map scene, zh and en."""
