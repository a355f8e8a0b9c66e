"""A helpdesk as a library: every rule, no framework, no I/O. Adapters plug into its ports.

`helpdesk_core.face` lists what may be imported from here. It is loaded when a name is first asked
for, so that a module of the core can be had alone, and having the package costs nothing.
"""

TYPE_CHECKING = False  # as in typing, whose import alone takes longer than this module's
if TYPE_CHECKING:
    from helpdesk_core.face import *  # noqa: F403  # what it lists is all there is
    from helpdesk_core.face import __all__ as __all__
else:

    def __getattr__(name):  # noqa: ANN001, ANN202  # type checkers read the face itself
        import helpdesk_core.face as face  # noqa: PLC0415, PLR0402

        found = {key: getattr(face, key) for key in ("__all__", *face.__all__)}
        globals().update(found)
        if name not in found:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return found[name]

    def __dir__():  # noqa: ANN202
        return sorted({*globals(), *__getattr__("__all__")})
