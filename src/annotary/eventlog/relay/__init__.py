"""The relay: publishes a service's log to its Kafka topic, and again what a broker has lost."""
