"""Keeps a change log on a Confluence page: one table row for every Git commit."""

__version__ = "0.1.0"
