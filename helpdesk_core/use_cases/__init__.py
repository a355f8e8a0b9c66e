"""One function a use case; each begins a unit of work of its own."""
