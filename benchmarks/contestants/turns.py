"""A contestant's side of the turns: requests come in as lines with a number of steps, times go out as JSON."""

import json
import sys
import time
from collections.abc import Callable


def take_turns(runs_on: str, step: Callable[[], object]) -> None:
    print(f"ready {runs_on}", flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)
