"""What the rows on messages share: the stream, and whether two sides saw the same of it."""
import pathlib
import subprocess
import tempfile

from peers import Agreement, Case, HERE, compiled, read_matrix


def cases(aim):
    return [Case("1,000,000 messages", {"messages": 1_000_000}, aim),
            Case("10,000,000 messages", {"messages": 10_000_000}, aim, long=True)]


def data(parameters, put):
    program, why = compiled(HERE / "rows" / "message_stream.cpp", "g++")
    if program is None:
        raise RuntimeError(why)
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "parameters").write_text(f"messages {parameters['messages']}\n")
        subprocess.run([str(program), folder, folder, "0"], check=True, capture_output=True)
        put("stream", read_matrix(pathlib.Path(folder, "stream")))


def agree(ours, peer, parameters):
    """The best bid and ask after the last message, and how many orders were sent."""
    a, b = ours["seen"].ravel(), peer["seen"].ravel()
    if a[1] != b[1] or a[2] != b[2]:
        return Agreement(float("inf"), 0.0, "another book at the end:")
    return Agreement(abs(a[3] - b[3]) / max(1.0, b[3]), 0.02, f"same book at the end, {int(b[3]):,} orders, ours differ by")


def note(ours, seconds, parameters):
    seen = ours["seen"].ravel()
    return f"{seconds / seen[0] * 1e9:.1f} ns a message, {seen[0] / seconds / 1e6:.1f} M/s"
