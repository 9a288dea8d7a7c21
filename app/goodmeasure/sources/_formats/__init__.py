"""Formats and families of formats that several sources share."""
