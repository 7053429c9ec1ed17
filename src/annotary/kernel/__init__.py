"""Words and rules that everything stands on: ids, clock, limits, errors. No I/O."""
