"""Why nothing was fetched, in words for people."""

from index.messages import Message, msg


class FetchError(Exception):
    """No answer, or none that is used. `reason` may be shown to anyone; `detail` (addresses, names
    of servers) only to the owner. The text of the exception is both. `lasting`: whether it would be
    the same when asked again."""

    def __init__(self, reason: Message, detail: str = "", *, lasting: bool = False) -> None:
        super().__init__(f"{reason}：{detail}" if detail else str(reason))
        self.reason, self.detail, self.lasting = reason, detail, lasting


class RefusedAddressError(FetchError):
    """An address that is not fetched."""

    def __init__(self, reason: Message, detail: str = "") -> None:
        super().__init__(reason, detail, lasting=True)


class InsideAddressError(RefusedAddressError):
    """The address of a host that is not public, and that nobody named as their own."""

    def __init__(self, reason: Message, host: str, address: str) -> None:
        super().__init__(reason, f"{host}（{address}）")
        self.host = host


def status_in_words(status: int) -> Message:
    """What a status of HTTP means to the owner of a feed."""
    match status:
        case 401 | 403:
            return msg("对方不许抓取（%(status)s）", status=status)
        case 404:
            return msg("没有这个网址（404）")
        case 410:
            return msg("不再有了（410）")
        case 429:
            return msg("对方说抓得太勤（429）")
        case _:
            if status >= 500:
                return msg("对方的服务器出错（%(status)s）", status=status)
            return msg("对方没有给出内容（%(status)s）", status=status)
