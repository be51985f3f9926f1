"""Nhà Sàn: an open system for the statistics of ethnic affairs."""
