"""Questions about decisions and certificates; nothing here changes anything."""

__all__: list[str] = []
