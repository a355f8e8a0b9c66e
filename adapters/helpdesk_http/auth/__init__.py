"""Signing in with a browser: its cookies, its pages, and what keeps other sites out."""
