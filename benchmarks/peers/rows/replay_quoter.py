"""A two-sided quoter that moves both orders with every move of the mid: matching, queue, ledger, fees."""
from messages import agree, cases, data, note  # noqa: F401
from peers import cpp, script

TITLE = "replay, two-sided quoter"
CASES = cases(4)
OURS = cpp("replay_quoter_ours")
PEERS = {"hftbacktest": script("hft.py", "quoter", "venv_messages")}
