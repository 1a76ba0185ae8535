"""Calls of the interface that its OpenAPI document allows, and calls that it does not."""
