"""Voters before a real web server: they come, vote, are cut off, try again, and remember what they were told."""

import http.client
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_RECEIPT = re.compile(r'class="receipt">([^<]+)<')
# A server or a database that is away for a moment: the page says that it can be tried again.
AWAY = 503


class CutOffError(Exception):
    """No answer, or the page of a database that is away."""


@dataclass
class Phone:
    """One voter with his right: a session or a ballot code."""

    address: str
    fields: dict[str, str]
    cookie: str = ""
    shown: set[str] = field(default_factory=set)  # receipts on pages he saw before the last click
    receipt: str = ""  # of the page that says his ballot is in the box
    already: bool = False  # he was told so when he tried again
    ticket: str = ""
    cut_off: int = 0

    def vote(self, patience: float) -> None:
        """Until he has been told that his ballot is there. Raises AssertionError for any other page."""
        deadline = time.monotonic() + patience
        while not self.told and time.monotonic() < deadline:
            try:
                self._try()
            except CutOffError:
                self.cut_off += 1
                time.sleep(0.1)
        assert self.told, f"nobody answered within {patience} s"

    @property
    def told(self) -> bool:
        return bool(self.receipt or self.already)

    def _try(self) -> None:
        page = self._post(step="confirm", line0="satisfied")
        if "您已经投过票" in page:
            self.already = True
            return
        receipt, hidden = _RECEIPT.search(page).group(1).replace(" ", ""), dict(_HIDDEN.findall(page))
        self.shown.add(receipt)
        self.ticket = hidden["ticket"]
        self._hand_in(receipt)

    def _hand_in(self, receipt: str) -> None:
        page = self._post(step="cast", ticket=self.ticket)
        self.already = "您已经投过票" in page
        if not self.already:
            assert "选票已投入票箱" in page, page[-2000:]
            self.receipt = receipt

    def vote_again(self) -> str:
        """The same right and the same ticket once more; the page."""
        return self._post(step="cast", ticket=self.ticket)

    def _post(self, **fields: str) -> str:
        data = urllib.parse.urlencode({**self.fields, **fields}).encode()
        request = urllib.request.Request(self.address, data, {"Cookie": self.cookie})  # noqa: S310  our own address
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                assert answer.status == 200
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code == AWAY:
                raise CutOffError from error
            raise AssertionError(f"{error.code}: {error.read().decode()[-2000:]}") from error
        except (OSError, http.client.HTTPException) as error:
            raise CutOffError from error


class Crowd:
    """So many phones at a time; ``told_at`` has the moments at which one was told that its ballot is in the box."""

    def __init__(self, phones: list[Phone], *, at_a_time: int = 8, patience: float = 120) -> None:
        self.phones, self.patience = phones, patience
        self.told_at: list[float] = []
        self.errors: list[BaseException] = []
        self._waiting = iter(phones)
        self._turn = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _unused in range(at_a_time)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_unused: object) -> None:
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self.errors:
            with self._turn:
                phone = next(self._waiting, None)
            if phone is None:
                return
            try:
                phone.vote(self.patience)
            except BaseException as error:  # noqa: BLE001  told by the test, in its own thread
                self.errors.append(error)
                return
            self.told_at.append(time.monotonic())

    def wait_for(self, number: int) -> None:
        """Until so many have voted, or somebody met what he should not."""
        while len(self.told_at) < number and any(thread.is_alive() for thread in self._threads):
            time.sleep(0.01)
