"""The circular-shift null of 99 shifts beside 99 products X'y alone, which it must not exceed."""
import importlib.util
import pathlib

from peers import Case, cpp

TITLE = "circular-shift null, 99 shifts x 776 x 41"
CASES = [Case("2,666 markets", {"markets": 2666, "days": 776, "factors": 41, "penalty": 1.0, "shifts": 99}, 1)]

spec = importlib.util.spec_from_file_location("ridge_panel", pathlib.Path(__file__).with_name("ridge.py"))
ridge_panel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ridge_panel)
data = ridge_panel.data

OURS = cpp("shift_null_ours")
PEERS = {"99 times X'y alone (Eigen)": cpp("shift_null_products")}


def agree(ours, peer, parameters):
    return None  # a null has no peer; what it must equal is in its tests
