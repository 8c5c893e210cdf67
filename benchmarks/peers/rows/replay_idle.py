"""A strategy that does nothing, full engine."""
from messages import agree, cases, data, note  # noqa: F401
from peers import cpp, script

TITLE = "replay, nothing done"
CASES = cases(4)
OURS = cpp("replay_idle_ours")
PEERS = {"hftbacktest": script("hft.py", "idle", "venv_messages")}
