"""Django's PostgreSQL, whose health check costs a way to the server and back only where it can find something."""
