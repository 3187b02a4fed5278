"""Views: values in, messages out; no use case, no store, no clock."""
