"""The proof over a service's log: hashed into chains, sealed in signed segments, bound by published heads."""
