"""Breach response in the terminal: who does what, which clocks run, which documents are owed."""

__version__ = "0.1.0"
