"""One of several processes that race for what is left of a limit: `URL PREFIX RACERS`.

Says `ready`, waits for a line, lets its racers loose, prints how many passed.
"""

import sys
from datetime import timedelta

from helpdesk_core.limits import SUBMISSIONS
from helpdesk_core.testing.races import at_once
from helpdesk_limits import open_limiter

url, prefix, racers = sys.argv[1:]
limiter = open_limiter(url, prefix=prefix)
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.readline()
acts = [lambda: limiter.hit(SUBMISSIONS, ("192.0.2.1",))] * int(racers)
sys.stdout.write(str(at_once(acts).count(timedelta(0))))
