"""Why nothing was fetched, in words for people."""

from index.messages import Message


class FetchError(Exception):
    """No answer, or none that is used. `reason` may be shown to anyone; `detail` (addresses, names
    of servers) only to the owner. The text of the exception is both."""

    def __init__(self, reason: Message, detail: str = "") -> None:
        super().__init__(f"{reason}：{detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail


class RefusedAddressError(FetchError):
    """An address that is not fetched."""


class InsideAddressError(RefusedAddressError):
    """The address of a host that is not public, and that nobody named as their own."""

    def __init__(self, reason: Message, host: str, address: str) -> None:
        super().__init__(reason, f"{host}（{address}）")
        self.host = host
