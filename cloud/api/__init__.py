"""The platform's JSON API, a file a subject."""
