"""The API described: OpenAPI 3.1, made of the records and constants that the code itself uses."""
