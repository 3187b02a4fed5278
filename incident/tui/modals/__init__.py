"""Questions: each modal asks one thing and dismisses with its answer."""
