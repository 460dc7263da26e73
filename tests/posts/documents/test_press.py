"""The press: a hostile document costs itself, never the process that asked for it."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campaigns.domain.errors import DomainError
from posts.documents import render
from posts.documents.fontconfig import config_file
from posts.documents.press import Order, Press
from posts.documents.render import html_to_pdf

PAGE = '<!DOCTYPE html><html lang="zh-Hans"><head><title>样张</title></head><body>{}</body></html>'
SMALL = PAGE.format("<p>公示</p>")
#: Each takes far longer than its limit here (measured: 6,000 cells 40 s; half a million characters 60 s).
HOSTILE = {
    "columns": "<table><tr>" + "<td>栏</td>" * 6000 + "</tr></table>",
    "text": ("<p>" + "岗" * 19_000 + "</p>") * 30,
}


def helper_of(press):
    return press._process.pid


def still_prints():
    return html_to_pdf(SMALL).startswith(b"%PDF")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_that_takes_too_long_gets_a_sentence(settings, name):
    settings.PRINT_SECONDS = 2
    html_to_pdf(SMALL)
    began = time.monotonic()
    with pytest.raises(DomainError, match="2"):
        html_to_pdf(PAGE.format(HOSTILE[name]))
    assert time.monotonic() - began < 2 * 2 + 8
    assert still_prints()


def test_a_document_that_takes_too_much_memory_gets_a_sentence(settings):
    settings.PRINT_MEGABYTES = 48
    with pytest.raises(DomainError):
        html_to_pdf(PAGE.format("<table>" + ("<tr>" + "<td>岗位</td>" * 30 + "</tr>") * 200 + "</table>"))
    settings.PRINT_MEGABYTES = 1024
    assert still_prints()


def test_a_helper_that_was_killed_is_replaced():
    press = Press()
    order = Order(SMALL)
    assert press.lay_out(order, fonts=config_file(), seconds=30, megabytes=500).pdf
    os.kill(helper_of(press), signal.SIGKILL)
    time.sleep(0.2)
    assert press.lay_out(order, fonts=config_file(), seconds=30, megabytes=500).pdf
    press.close()


def test_a_layout_that_is_killed_in_its_midst_gets_a_sentence_and_the_next_is_made():
    """As when the system runs out of memory and ends the largest process."""
    helper = idle_helper()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(html_to_pdf, PAGE.format(HOSTILE["text"]))
        os.kill(fork_of(helper), signal.SIGKILL)
        with pytest.raises(DomainError):
            made.result(30)
    assert still_prints()


def test_a_layout_goes_on_when_the_helper_is_killed_in_its_midst():
    helper = idle_helper()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(html_to_pdf, PAGE.format("<p>岗位职责</p>" * 2000))
        fork_of(helper)
        os.kill(helper, signal.SIGKILL)
        assert made.result(60).startswith(b"%PDF")
    assert still_prints()


def idle_helper():
    """The helper of the program, with no layout at work: the last one's process is gone."""
    html_to_pdf(SMALL)
    helper = render._press._process.pid
    while forks_of(helper):
        time.sleep(0.01)
    return helper


def fork_of(helper):
    """The process that lays a document out, as soon as there is one."""
    while not (found := forks_of(helper)):
        time.sleep(0.01)
    return int(found[0])


def forks_of(helper):
    return Path(f"/proc/{helper}/task/{helper}/children").read_text().split()


def test_the_helper_ends_with_its_program():
    press = Press()
    press.lay_out(Order(SMALL), fonts=config_file(), seconds=30, megabytes=500)
    number = helper_of(press)
    press.close()
    assert not Path(f"/proc/{number}").exists()


def test_a_fork_of_the_program_gets_a_helper_of_its_own():
    press = Press()
    press.lay_out(Order(SMALL), fonts=config_file(), seconds=30, megabytes=500)
    near, far = os.pipe()
    if (child := os.fork()) == 0:
        result = press.lay_out(Order(SMALL), fonts=config_file(), seconds=30, megabytes=500)
        os.write(far, str(helper_of(press) if result.pdf else 0).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(near, 20)) not in (0, helper_of(press))
    os.close(near)
    os.close(far)
    press.close()


def test_the_program_itself_does_not_load_the_engine():
    assert "WeasyPrint" not in dir(render)
    assert not hasattr(render, "HTML")
