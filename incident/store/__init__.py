"""The vault on disk: keys, the encrypted database, the journal, migrations. Only use cases call it."""
