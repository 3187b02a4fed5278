"""Reads playbooks, notice templates and regimes: good content and a list of problems, never a crash."""
