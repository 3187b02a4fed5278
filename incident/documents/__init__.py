"""Documents: fields and words → HTML → tagged, archival PDF. Reaches no network and no file outside its bundle."""
