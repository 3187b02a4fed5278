"""The verbs: the only writers. Each checks, changes and journals in one transaction, or does nothing."""
