"""The rules of breach response as values and pure functions: standard library and dateutil, `now` is an argument."""
